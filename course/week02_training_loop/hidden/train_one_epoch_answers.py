"""Typical mistakes in the five lines of train_one_epoch: their order, and what they change."""

from autograder.model import Mistake

START = """
def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    total, rows = 0.0, 0
    for inputs, targets in loader:
"""
COUNT = """
        total += loss.item() * len(targets)
        rows += len(targets)
    return total / rows
"""
LINES = {
    "zero": "optimizer.zero_grad()",
    "outputs": "outputs = model(inputs)",
    "loss": "loss = criterion(outputs, targets)",
    "backward": "loss.backward()",
    "step": "optimizer.step()",
}


def _order(name: str, sentence: str, order: str, before: str = "", after: str = "") -> Mistake:
    """Return a mistake whose loop has these lines, in this order; each is one of LINES, or the line itself.

    `before` stands before the loop, `after` behind it.
    """
    lines = [LINES.get(line.strip(), line.strip()) for line in order.split(";")]
    loop = START.replace("    for", f"    {before}\n    for") if before else START
    end = COUNT.replace("    return", f"    {after}\n    return") if after else COUNT
    return Mistake(
        "train_one_epoch", name, sentence, loop + "\n".join(" " * 8 + line for line in lines) + end
    )


MISTAKES = (
    _order(
        "gradients_never_cleared",
        "Nothing clears the gradients, so each step uses those of all batches so far: in the worked example "
        "w ends at 1.04 and not at 0.84. Call optimizer.zero_grad() at the start of each batch.",
        "outputs; loss; backward; step",
    ),
    _order(
        "cleared_once_before_the_loop",
        "You clear the gradients once, before the loop, so from the second batch on the steps use those of "
        "several batches together. Move optimizer.zero_grad() into the loop.",
        "outputs; loss; backward; step",
        before="optimizer.zero_grad()",
    ),
    _order(
        "cleared_once_after_the_loop",
        "You clear the gradients after the loop, once an epoch. Within the epoch they add up, batch by "
        "batch: move optimizer.zero_grad() into the loop, to its start.",
        "outputs; loss; backward; step",
        after="optimizer.zero_grad()",
    ),
    _order(
        "cleared_between_backward_and_step",
        "You clear the gradients after backward() has computed them and before step() could use them, so no "
        "weight ever moves. Move optimizer.zero_grad() to the start of the batch.",
        "outputs; loss; backward; zero; step",
    ),
    _order(
        "cleared_only_after_the_step",
        "You clear the gradients at the end of each batch. What lay there before the epoch still gets into "
        "the first step. Call optimizer.zero_grad() at the start of each batch.",
        "outputs; loss; backward; step; zero",
    ),
    _order(
        "step_before_backward",
        "Your step() stands before backward(): it finds no gradients of this batch, and in a net of two "
        "layers torch refuses to go on. Put step() last.",
        "zero; outputs; loss; step; backward",
    ),
    _order(
        "step_first",
        "Your last batch never reaches the weights: each step uses the gradient of the batch before. Move "
        "step() behind backward().",
        "step; zero; outputs; loss; backward",
    ),
    _order(
        "step_once_after_the_loop",
        "Your step() stands behind the loop, so the weights move once in the whole epoch, by the last batch "
        "alone. Move it into the loop, to its end.",
        "zero; outputs; loss; backward",
        after="optimizer.step()",
    ),
    _order(
        "gradients_of_the_epoch_in_one_step",
        "You collect the gradients of all batches and step once at the end. One step for each batch is asked "
        "for: move zero_grad() and step() into the loop.",
        "outputs; loss; backward",
        before="optimizer.zero_grad()",
        after="optimizer.step()",
    ),
    _order(
        "no_step",
        "Gradients are computed and nobody uses them: the weights stay as they were. Call optimizer.step() "
        "after backward().",
        "zero; outputs; loss; backward",
    ),
    _order(
        "no_backward",
        "Without loss.backward() there are no gradients, and step() has nothing to go by. Call it between "
        "the loss and the step.",
        "zero; outputs; loss; step",
    ),
    _order(
        "two_steps_a_batch",
        "You call optimizer.step() twice for each batch, so the weights move twice by the same gradient. "
        "Delete one of the two.",
        "zero; outputs; loss; backward; step; step",
    ),
    _order(
        "loss_divided_before_backward",
        "You divide the loss by the rows before backward(). The criterion has taken the mean already, so the "
        "gradients come out too small. Call backward() on the loss as it is.",
        "zero; outputs; loss; (loss / len(targets)).backward(); step",
    ),
    _order(
        "loss_multiplied_before_backward",
        "You call backward() on the loss times the rows, so large batches step further. Multiply only what "
        "you add up: backward() belongs to the mean.",
        "zero; outputs; loss; (loss * len(targets)).backward(); step",
    ),
    _order(
        "gradients_clipped",
        "You shorten the gradients before the step. That is a good tool for later, but nobody asked for it "
        "here: step with the gradients as they are.",
        "zero; outputs; loss; backward; torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5); step",
    ),
    _order(
        "outputs_detached",
        "No way leads back from your loss to the weights: detach(), .data, .item() or no_grad() before "
        "backward() cut it. Hand the outputs to the criterion as they come.",
        "zero; outputs; loss = criterion(outputs.detach(), targets); backward; step",
    ),
    _order(
        "root_of_the_loss",
        "You take the root of the criterion's value before you go backward, which is another loss with other "
        "gradients. Use criterion(outputs, targets) as it is.",
        "zero; outputs; loss = criterion(outputs, targets).sqrt(); backward; step",
    ),
    _order(
        "criterion_swapped",
        "You call criterion(targets, outputs). The mean squared error does not notice, others do. The "
        "outputs come first.",
        "zero; outputs; loss = criterion(targets, outputs); backward; step",
    ),
    _order(
        "criterion_ignored",
        "You compute the mean squared error yourself, whatever criterion you are given. Call "
        "criterion(outputs, targets).",
        "zero; outputs; loss = ((outputs - targets) ** 2).mean(); backward; step",
    ),
    _order(
        "targets_made_floats",
        "You turn the targets into floats. Class labels must stay whole numbers: hand the targets to the "
        "criterion as they come.",
        "zero; outputs; loss = criterion(outputs, targets.float()); backward; step",
    ),
    _order(
        "outputs_squeezed",
        "You squeeze the outputs, so the shapes (rows,) and (rows, 1) meet, and every output is compared "
        "with every target. Hand the outputs to the criterion as they come.",
        "zero; outputs = model(inputs).squeeze(); loss; backward; step",
    ),
)
