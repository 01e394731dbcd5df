"""Typical mistakes in pairwise_ranking: what a pair costs, which pairs there are, and their mean."""

from autograder.model import Mistake


def _table(
    name: str,
    sentence: str,
    better: str = "relevance[:, None] > relevance[None, :]",
    costs: str = "torch.relu(margin - gaps)",
    end: str = "costs[better].mean()",
) -> Mistake:
    """Return a mistake that differs from the right answer, written with tables, in one place."""
    source = f"""
def pairwise_ranking(scores, relevance, margin=1.0):
    n, gaps, r = len(scores), scores[:, None] - scores[None, :], relevance
    better = {better}
    costs = {costs}
    return {end} if better.any() else torch.tensor(0.0)
"""
    return Mistake("pairwise_ranking", name, sentence, source)


COSTS = (
    _table(
        "wrong_direction",
        "The sign of the lead is wrong, or your pairs are the wrong way round: your loss falls when the "
        "less relevant item moves ahead. A pair costs margin - (score of the more relevant item - score of "
        "the other).",
        costs="torch.relu(margin + gaps)",
    ),
    _table(
        "size_of_the_gap",
        "You use the size of the gap, so it does not matter which of the two is ahead. Leave out the "
        "absolute value: a negative lead costs more than the margin.",
        costs="torch.relu(margin - gaps.abs())",
    ),
    _table(
        "margin_not_used",
        "Your margin is always 1, whatever the caller asks for. Compare the answers for margin=0.5 and "
        "margin=2. Use the argument.",
        costs="torch.relu(1 - gaps)",
    ),
    _table(
        "margin_of_0_replaced",
        "`margin or 1.0` takes a margin of 0 for no margin at all, since 0 counts as false. A margin of 0 "
        "asks for the right order only. Use the argument as it is.",
        costs="torch.relu((margin or 1.0) - gaps)",
    ),
    _table(
        "no_margin_at_all",
        "A pair in the right order is free in your loss, even with a hair's breadth of a lead. The lead "
        "should be at least the margin: that is why a perfect order can still cost 0.55. Add the margin "
        "before cutting at 0.",
        costs="torch.relu(-gaps)",
    ),
    _table(
        "margin_added_after_the_cut",
        "You cut at 0 first and add the margin afterwards, so no pair is ever free. Cut margin - gap as a "
        "whole: torch.relu(margin - gap).",
        costs="margin + torch.relu(-gaps)",
    ),
    _table(
        "cut_at_the_margin",
        "You cut the cost at the margin, so a pair that is upside down costs no more than one without a "
        "lead. Only below, at 0, is there a limit.",
        costs="(margin - gaps).clamp(min=0).clamp(max=margin)",
    ),
    _table(
        "not_cut_at_zero",
        "A lead wider than the margin gives a negative cost, so one easy pair pays for a wrong one. Cut "
        "each pair at 0, with torch.relu or clamp(min=0), before you average.",
        costs="margin - gaps",
    ),
    _table(
        "cut_after_the_mean",
        "You average first and cut at 0 afterwards, so one easy pair pays for a wrong one. Cut each pair "
        "at 0 first, then average.",
        costs="margin - gaps",
        end="torch.relu(costs[better].mean())",
    ),
    _table(
        "absolute_value_instead_of_the_cut",
        "You take the absolute value of margin - gap, so a lead that is wider than the margin costs, too. "
        "Cut at 0 instead: torch.relu or clamp(min=0).",
        costs="(margin - gaps).abs()",
    ),
    _table(
        "squared",
        "You square the cost of each pair. The cost of a pair is max(0, margin - gap), without a square.",
        costs="torch.relu(margin - gaps) ** 2",
    ),
    _table(
        "pairs_that_fall_short_are_counted",
        "You count the pairs whose lead is too small, instead of adding up by how much. A count has no "
        "gradient: use max(0, margin - gap).",
        costs="(gaps < margin).float()",
    ),
    _table(
        "wrong_orders_are_counted",
        "You count the pairs in the wrong order. A count has no gradient, and no margin: use max(0, margin "
        "- gap).",
        costs="(gaps <= 0).float()",
    ),
    _table(
        "square_of_the_margin",
        "You square the margin. With margin = 1 nobody notices: use it as it is, max(0, margin - gap).",
        costs="torch.relu(margin**2 - gaps)",
    ),
    _table(
        "softplus_instead_of_the_cut",
        "You use a smooth loss (softplus), which is never exactly 0. A pair costs max(0, margin - gap).",
        costs="torch.nn.functional.softplus(margin - gaps)",
    ),
    _table(
        "logarithm_of_the_sigmoid",
        "You use a smooth loss, minus the logarithm of a sigmoid, which has no margin and is never exactly "
        "0. A pair costs max(0, margin - gap).",
        costs="torch.nn.functional.softplus(-gaps)",
    ),
    _table(
        "margin_as_a_factor",
        "You multiply with the margin where it is added: a pair costs max(0, margin - gap), so even a right "
        "order costs something until the lead is wide enough.",
        costs="margin * torch.relu(-gaps)",
    ),
    _table(
        "weighted_by_relevance",
        "You multiply each pair by how far the relevances lie apart. Only which of the two is larger "
        "counts here. Leave the factor out.",
        costs="(r[:, None] - r[None, :]) * torch.relu(margin - gaps)",
    ),
    _table(
        "weighted_and_normalised",
        "You weigh the pairs by how far the relevances lie apart. Only which of the two is larger counts "
        "here: each pair has the same weight.",
        costs="(r[:, None] - r[None, :])",
        end="((costs * torch.relu(margin - gaps))[better].sum() / costs[better].sum())",
    ),
    _table(
        "margin_times_the_distance",
        "You ask for a wider lead the further the relevances lie apart. The margin is the same for every "
        "pair: only which relevance is larger counts.",
        costs="torch.relu(margin * (r[:, None] - r[None, :]) - gaps)",
    ),
)

PAIRS = (
    _table(
        "ties_make_pairs",
        "With >= two items of equal relevance count as a pair, in both directions, though neither should "
        "be first. Try two items of the same relevance: they make no pair. Use >.",
        better="(relevance[:, None] >= relevance[None, :]) & ~torch.eye(n, dtype=torch.bool)",
    ),
    _table(
        "items_paired_with_themselves",
        "With >= on the whole table each item also meets itself, and such a pair always costs the margin. "
        "Use >, which leaves out the diagonal and the ties.",
        better="relevance[:, None] >= relevance[None, :]",
    ),
    _table(
        "every_two_items",
        "You take every two items in both orders, whatever their relevance. A pair has a more relevant "
        "item, which comes first: relevance[i] > relevance[j].",
        better="~torch.eye(n, dtype=torch.bool)",
    ),
    _table(
        "both_orders_of_every_pair",
        "You take != where > belongs, so each pair counts in both orders, once with the lead turned round. "
        "Use relevance[i] > relevance[j].",
        better="relevance[:, None] != relevance[None, :]",
    ),
    _table(
        "only_neighbours",
        "You compare each item only with the next in the list. Four items with four relevances make six "
        "pairs: print how many you use. Run over all pairs i, j.",
        better="(r[:, None] > r[None, :]) & (torch.arange(n)[None, :] - torch.arange(n)[:, None] == 1)",
    ),
    _table(
        "list_taken_as_sorted",
        "You only look at pairs in which the more relevant item stands first in the list, as if the list "
        "were sorted. Shuffle the items: the answer should stay. Look at both orders of i and j.",
        better="(r[:, None] > r[None, :]) & (torch.arange(n)[None, :] > torch.arange(n)[:, None])",
    ),
    _table(
        "places_instead_of_relevance",
        "You take the place in the list for the relevance: each item is compared with all that stand after "
        "it. Only relevance says which comes first: compare relevance[i] with relevance[j].",
        better="torch.arange(n)[:, None] < torch.arange(n)[None, :]",
    ),
    _table(
        "best_item_against_the_others",
        "You compare only the most relevant item with the others. Every two items of different relevance "
        "make a pair.",
        better="(r == r.max())[:, None] & (r[:, None] > r[None, :])",
    ),
    _table(
        "only_relevance_0_is_worse",
        "You treat relevance as yes or no: only items of relevance 0 come second. Every two items of "
        "different relevance make a pair: use relevance[i] > relevance[j].",
        better="(relevance > 0)[:, None] & (relevance == 0)[None, :]",
    ),
    _table(
        "fractions_cut_off",
        "You turn the relevances into whole numbers, so 0.3 and 0.7 become equal. Compare the numbers as "
        "they are.",
        better="relevance[:, None].int() > relevance[None, :].int()",
    ),
    _table(
        "relevances_one_apart",
        "You take only pairs whose relevances are at least 1 apart. Any difference makes a pair: use "
        "relevance[i] > relevance[j].",
        better="(r[:, None] - r[None, :]) >= 1",
    ),
    _table(
        "relevances_subtracted",
        "You subtract relevances before you compare with 0. That fails for True and False, and uint8 has no "
        "negative numbers: 0 - 1 is 255. Compare directly: relevance[i] > relevance[j].",
        better="relevance[:, None] - relevance[None, :] > 0",
    ),
)

MEANS = (
    _table(
        "sum_instead_of_mean",
        "You add up the costs of the pairs where the mean is asked for, so long lists cost more than "
        "short ones. Divide by the number of pairs.",
        end="costs[better].sum()",
    ),
    _table(
        "not_averaged",
        "You return one cost for each pair. A loss is one number: add .mean() at the end.",
        end="costs[better]",
    ),
    _table(
        "largest_cost",
        "You return the cost of the worst pair. The mean over all pairs is asked for: use .mean().",
        end="costs[better].max()",
    ),
    _table(
        "averaged_over_the_whole_table",
        "You set the entries without a pair to 0 and average over the whole n × n table, so these zeros "
        "pull the mean down. Divide by the number of pairs only.",
        end="(better * costs).mean()",
    ),
    _table(
        "divided_by_the_items",
        "You divide by the number of items. The mean divides by the number of pairs: four items of different "
        "relevance make six.",
        end="costs[better].sum() / n",
    ),
    _table(
        "divided_by_both_orders",
        "You divide by n(n - 1), which counts every pair in both orders. Divide by the number of pairs with "
        "relevance[i] > relevance[j].",
        end="costs[better].sum() / (n * (n - 1))",
    ),
    _table(
        "ties_counted_in_the_mean",
        "Ties add nothing to your sum, but you still divide by all n(n - 1)/2 pairs of items. Divide by "
        "the number of pairs that differ in relevance.",
        end="costs[better].sum() / (n * (n - 1) / 2)",
    ),
    _table(
        "mean_over_costly_pairs",
        "You average only over pairs that cost something, so pairs that are already right do not lower "
        "the loss. Divide by the number of all pairs that differ in relevance.",
        end="(better * costs).sum() / max(int((better * costs > 0).sum()), 1)",
    ),
    _table(
        "mean_of_the_means_of_items",
        "You average over the pairs of each item first and then over the items, so items with few pairs "
        "count for more. Take one mean over all pairs.",
        end="torch.stack([costs[i][better[i]].mean() for i in range(n) if better[i].any()]).mean()",
    ),
    _table(
        "first_pair_only",
        "Only the first pair counts. A `return` inside a loop ends the function at once: add up all costs, "
        "and return their mean after the loops.",
        end="costs[better][0]",
    ),
    _table(
        "last_pair_only",
        "Only the last pair counts. Inside the loops write total = total + cost, not total = cost, and "
        "divide by the number of pairs at the end.",
        end="costs[better][-1]",
    ),
)
