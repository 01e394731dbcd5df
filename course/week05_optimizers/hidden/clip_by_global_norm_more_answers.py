"""Typical mistakes in clip_by_global_norm: arrays one by one, zeros, what is returned, what is changed."""

from hidden.clip_by_global_norm_answers import slip

from autograder.model import Mistake


def _whole(name: str, sentence: str, body: str) -> Mistake:
    return Mistake(
        "clip_by_global_norm", name, sentence, f"\ndef clip_by_global_norm(grads, max_norm):{body}"
    )


ONE_BY_ONE = (
    _whole(
        "each_array_by_its_own_norm",
        "You clip each array by its own norm, so each gets another factor and the direction turns. One norm "
        "over all arrays gives one factor.",
        """
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    clipped = []
    for g in grads:
        own = np.sqrt(np.sum(g**2))
        clipped.append(g * max_norm / own if own > max_norm else g.copy())
    return clipped, norm
""",
    ),
    _whole(
        "a_list_of_norms",
        "You return a norm for each array. One norm over all arrays is asked for.",
        """
    clipped, norms = [], []
    for g in grads:
        own = np.sqrt(np.sum(g**2))
        norms.append(own)
        clipped.append(g * max_norm / own if own > max_norm else g.copy())
    return clipped, norms
""",
    ),
    _whole(
        "each_array_and_the_norm_of_the_last",
        "You clip each array by its own norm, and return that of the last one. One norm over all arrays is "
        "asked for.",
        """
    clipped = []
    for g in grads:
        norm = np.linalg.norm(g)
        clipped.append(g * max_norm / norm if norm > max_norm else g.copy())
    return clipped, norm
""",
    ),
    _whole(
        "a_running_norm",
        "You clip while the norm is still growing: the first arrays meet the norm of only a few. Finish the "
        "norm in a first loop, clip in a second.",
        """
    total, clipped = 0.0, []
    for g in grads:
        total += np.sum(g**2)
        norm = np.sqrt(total)
        clipped.append(g * (max_norm / norm) if norm > max_norm else g.copy())
    return clipped, np.sqrt(total)
""",
    ),
    _whole(
        "return_in_the_loop",
        "return stands inside the loop, so it ends after the first array. Collect in the loop, return after "
        "it.",
        """
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    for g in grads:
        clipped = [g * min(1.0, max_norm / max(norm, 1e-12))]
        return clipped, norm
""",
    ),
    _whole(
        "scaled_again_and_again",
        "You scale all arrays once for each of them. Once is enough.",
        """
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    clipped = [g.copy() for g in grads]
    if norm > max_norm:
        for _ in grads:
            clipped = [g * (max_norm / norm) for g in clipped]
    return clipped, norm
""",
    ),
)
ZEROS = (
    _whole(
        "divides_by_a_norm_of_0",
        "If all gradients are 0, so is the norm, and you divide by it. Divide only if the norm is above "
        "max_norm.",
        """
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    factor = min(1.0, max_norm / norm)
    return [g * factor for g in grads], norm
""",
    ),
    _whole(
        "nan_for_zeros",
        "If all gradients are 0, you divide 0 by 0, and nan comes back. Divide only if the norm is above "
        "max_norm.",
        """
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return [g * (np.minimum(norm, max_norm) / norm) for g in grads], norm
""",
    ),
    slip(
        "large_epsilon",
        "You add a number to the norm before you divide, and it is too large to go unseen. Divide by the "
        "norm itself.",
        clipped="[g * (max_norm / (norm + 0.01)) for g in grads]",
    ),
)
KINDS = (
    slip(
        "norm_after_clipping",
        "You return the norm after clipping, which is max_norm at most. The norm before it is asked for.",
        out="return clipped, np.sqrt(sum(np.sum(g**2) for g in clipped))",
    ),
    slip(
        "arrays_alone",
        "You return the arrays alone. Return the norm, too: return clipped, norm.",
        out="return clipped",
    ),
    slip(
        "norm_alone",
        "You return the norm alone. Return the arrays, too: return clipped, norm.",
        out="return norm",
    ),
    slip(
        "norm_squared",
        "You return the square of the norm. Take its root.",
        out="return clipped, norm**2",
    ),
    slip(
        "three_results",
        "You return three things. Two are asked for: return clipped, norm.",
        out="return clipped, norm, max_norm",
    ),
    slip(
        "order_of_arrays_turned_round",
        "Your arrays come back in another order. Keep the order of those that came in.",
        out="return clipped[::-1], norm",
    ),
    slip(
        "order_exchanged",
        "You return the norm first. The arrays come first: return clipped, norm.",
        out="return norm, clipped",
    ),
    slip(
        "one_long_array",
        "You return one long array. Return a list with an array for each that came in, in its shape.",
        out="return np.concatenate([g.ravel() for g in clipped]), norm",
    ),
    slip(
        "flattened",
        "Your arrays have lost their shapes: multiply them as they are, without ravel or flatten.",
        out="return [g.ravel() for g in clipped], norm",
    ),
    slip(
        "one_flat_tuple",
        "You return arrays and norm in one row. Return two things, the list and the norm.",
        out="return (*clipped, norm)",
    ),
    slip(
        "a_dictionary",
        "You return a dictionary. Return two things: return clipped, norm.",
        out='return {"grads": clipped, "norm": norm}',
    ),
    slip(
        "lists_of_numbers",
        "You return lists of numbers. Arrays are asked for: leave tolist() out.",
        out="return [g.tolist() for g in clipped], norm",
    ),
    slip(
        "tensors",
        "You return tensors. NumPy arrays are asked for.",
        out="return [torch.tensor(g) for g in clipped], norm",
    ),
    slip(
        "generator",
        "A generator, map or zip hands out its items later: wrap it in list(…), or use square brackets, "
        "[… for g in grads].",
        out="return (g for g in clipped), norm",
    ),
    slip(
        "dots_for_the_arrays",
        "Three dots ... still stand where the clipped arrays belong: return clipped, norm.",
        out="return ..., norm",
    ),
    slip(
        "arrays_rounded_finely",
        "You round the arrays. Leave round out: small gradients need all their digits.",
        out="return [np.round(g, 3) for g in clipped], norm",
    ),
    slip(
        "norm_in_a_list",
        "Your norm is in a list. Return the number itself.",
        out="return clipped, [norm]",
    ),
    slip(
        "norm_as_text",
        "Your norm is text. Return the number itself, without an f-string.",
        out='return clipped, f"{norm:.4f}"',
    ),
    slip(
        "norm_rounded",
        "You round the norm. Return it with all its digits.",
        out="return clipped, round(float(norm))",
    ),
    slip(
        "arrays_rounded",
        "You round the arrays. Small gradients need all their digits.",
        out="return [np.round(g, 1) for g in clipped], norm",
    ),
    slip(
        "whole_numbers",
        "Your arrays have become whole numbers: leave int out.",
        out="return [g.astype(int) for g in clipped], norm",
    ),
    slip(
        "printed",
        "You print the results, and what comes back is None. End with return clipped, norm.",
        out="print(clipped, norm)",
    ),
    slip(
        "factor_instead_of_norm",
        "You return the factor. The norm before clipping is asked for: return clipped, norm.",
        out="return clipped, min(1.0, max_norm / max(norm, 1e-12))",
    ),
    slip(
        "was_it_clipped",
        "You return whether you clipped. The norm before clipping is asked for: return clipped, norm.",
        out="return clipped, bool(norm > max_norm)",
    ),
)
CHANGED = (
    _whole(
        "changed_in_place",
        "g *= … changes the arrays that came in, and grads[i] = … the list. Make new ones: g * factor.",
        """
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    if norm > max_norm:
        for g in grads:
            g *= max_norm / norm
    return grads, norm
""",
    ),
    _whole(
        "list_used_up",
        "You take the arrays out of the list that came in. Walk through it with for.",
        """
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    factor = max_norm / norm if norm > max_norm else 1.0
    clipped = []
    while grads:
        clipped.append(grads.pop(0) * factor)
    return clipped, norm
""",
    ),
    _whole(
        "squares_in_place",
        "g **= 2 squares the arrays that came in. Write np.sum(g**2).",
        """
    kept = [g.copy() for g in grads]
    total = 0.0
    for g in grads:
        g **= 2
        total += np.sum(g)
    norm = np.sqrt(total)
    factor = max_norm / norm if norm > max_norm else 1.0
    return [g * factor for g in kept], norm
""",
    ),
    _whole(
        "nothing_below_the_limit",
        "Below the limit your function ends without return, and None comes back. Return the arrays and the "
        "norm there, too.",
        """
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    if norm > max_norm:
        return [g * (max_norm / norm) for g in grads], norm
""",
    ),
    _whole(
        "ready_made",
        "You let clip_grad_norm_ do it. Writing it is the exercise, so this earns half of the marks.",
        """
    params = [torch.nn.Parameter(torch.tensor(g)) for g in grads]
    for p, g in zip(params, grads):
        p.grad = torch.tensor(g)
    norm = torch.nn.utils.clip_grad_norm_(params, max_norm)
    return [p.grad.numpy() for p in params], float(norm)
""",
    ),
)
