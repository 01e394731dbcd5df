"""Typical mistakes in finetune: how the new net is trained, and how it comes back."""

from hidden.finetune_answers import END, HEAD, LOSS, NORM, OPTIMIZER, wrong

LAYERS = "    layers = model if isinstance(model, nn.Sequential) else model.layers\n"
STEP = "            optimizer.step()\n"

MISTAKES = (
    wrong(
        "softmax_before_the_loss",
        "You take the softmax before the loss, which takes it once more: where the net is sure, the gradient "
        "vanishes. nn.CrossEntropyLoss wants the logits.",
        (LOSS, "criterion(model(inputs).softmax(1), labels)"),
    ),
    wrong(
        "squared_error",
        "You train with the squared error of the logits. Classes want cross-entropy: nn.CrossEntropyLoss.",
        (LOSS, "((model(inputs) - nn.functional.one_hot(labels, n_classes)) ** 2).mean()"),
    ),
    wrong(
        "nll_of_logits",
        "nn.NLLLoss wants logarithms of probabilities and gets plain logits: it has no lowest value. Use "
        "nn.CrossEntropyLoss.",
        ("nn.CrossEntropyLoss()", "nn.NLLLoss()"),
    ),
    wrong(
        "uphill",
        "You go uphill: the loss grows. Call backward on the loss itself, without a minus.",
        (LOSS, "-" + LOSS),
    ),
    wrong(
        "stays_in_eval_mode_while_training",
        "You train in eval mode, so dropout never works and batch norm learns no running values. Call "
        "model.train() before the epochs.",
        ("    model.train()\n", "    model.eval()\n"),
    ),
    wrong(
        "mode_of_the_source_kept",
        "You never call model.train(): a source in eval mode gives a copy in eval mode, and dropout is off "
        "while it learns.",
        ("    model.train()\n", ""),
    ),
    wrong(
        "eval_after_the_first_epoch",
        "You call eval() at the end of each epoch and train() only once, before the first: all later epochs "
        "train in eval mode.",
        ("            optimizer.step()\n", "            optimizer.step()\n        model.eval()\n"),
    ),
    wrong(
        "frozen_batch_norm_wakes",
        "model.train() wakes the frozen BatchNorm1d: its running values move with every batch. Put it back "
        "into eval mode after model.train().",
        (NORM, ""),
    ),
    wrong(
        "dropout_switched_off",
        "You set the p of the dropout layers to 0. They come with the source: leave them as they are.",
        (NORM, NORM + "        if isinstance(module, nn.Dropout):\n            module.p = 0.0\n"),
    ),
    wrong(
        "every_batch_norm_rests",
        "You put every BatchNorm1d into eval mode. Those that learn train in train mode.",
        ("isinstance(module, nn.BatchNorm1d) and not module.weight.requires_grad",
         "isinstance(module, nn.BatchNorm1d)"),
    ),
    wrong(
        "left_in_train_mode",
        "The net comes back in train mode: whoever uses it gets dropout. End with model.eval().",
        (END, "    return model\n"),
    ),
    wrong(
        "eval_only_after_an_epoch",
        "You call model.eval() inside the loop. With 0 epochs it is never reached: call it after the loop.",
        (END, "        model.eval()\n    return model\n"),
        ("        for inputs", "        model.train()\n    " + NORM.replace("\n", "\n    ").rstrip(" ")
         + "        for inputs"),
        ("    model.train()\n" + NORM + "    for _", "    for _"),
    ),
    wrong(
        "one_epoch_only",
        "You train a single epoch, whatever epochs says. Repeat the pass over the loader, and see that "
        "return stands behind the loop.",
        ("range(epochs)", "range(min(epochs, 1))"),
    ),
    wrong(
        "one_epoch_too_many",
        "You train one epoch too many: epochs=0 is to train nothing at all.",
        ("range(epochs)", "range(epochs + 1)"),
    ),
    wrong(
        "first_batch_only",
        "You train on the first batch of each epoch alone. Go through the whole loader.",
        ("            optimizer.step()\n", "            optimizer.step()\n            break\n"),
    ),
    wrong(
        "step_once_an_epoch",
        "You step once an epoch, with the last batch's gradient. Each batch is a step.",
        ("            optimizer.step()\n", "        optimizer.step()\n"),
    ),
    wrong(
        "gradients_pile_up",
        "You never clear the gradients, so each step also uses those of all batches before. Call "
        "optimizer.zero_grad() before each backward.",
        ("            optimizer.zero_grad()\n", ""),
    ),
    wrong(
        "gradients_cleared_before_the_step",
        "You clear the gradients between backward and step, so step finds none. Clear them before backward.",
        ("            optimizer.zero_grad()\n", ""),
        (STEP, "            optimizer.zero_grad()\n" + STEP),
    ),
    wrong(
        "never_steps",
        "The gradients are there, but nobody uses them: call optimizer.step() after backward.",
        ("            optimizer.step()\n", ""),
    ),
    wrong(
        "rate_ignored",
        "You use a rate of your own. lr says how large the steps are: hand it to the optimizer.",
        ("lr=lr", "lr=0.001"),
    ),
    wrong(
        "body_at_a_tenth",
        "Your body learns at a tenth of lr. A fine idea, but here everything that learns has the rate lr.",
        (OPTIMIZER, "    head = list(layers[-1].parameters())\n    body = [p for p in model.parameters()\n"
         "            if p.requires_grad and all(p is not q for q in head)]\n"
         "    groups = [{'params': head}, {'params': body, 'lr': lr / 10}]\n"
         "    optimizer = torch.optim.Adam(groups if body else head, lr=lr)\n"),
    ),
    wrong(
        "rate_falls",
        "A scheduler lets your rate fall. It is to be lr throughout.",
        (OPTIMIZER, OPTIMIZER + "    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)\n"),
        ("            optimizer.step()\n", "            optimizer.step()\n            schedule.step()\n"),
    ),
    wrong(
        "sequential_only",
        "A FlexibleClassifier has no place [-1]: its layers lie in .layers. Ask which of the two you were "
        "given.",
        (LAYERS, "    layers = model\n"),
    ),
    wrong(
        "flexible_only",
        "A Sequential has no .layers: it is the row of layers itself. Ask which of the two you were given.",
        (LAYERS, "    layers = model.layers\n"),
    ),
    wrong(
        "head_by_a_new_attribute",
        "model.head = … adds a layer that forward never asks. Replace the one that is there: [-1] = ….",
        (HEAD, "    model.head = nn.Linear(layers[-1].in_features, n_classes)\n"),
    ),
    wrong(
        "history_returned",
        "A list of losses comes back. The new net is asked for.",
        ("    for _ in range(epochs):\n", "    losses = []\n    for _ in range(epochs):\n"),
        (STEP, STEP + "            losses.append(loss.item())\n"),
        ("    return model\n", "    return losses\n"),
    ),
    wrong(
        "nothing_returned",
        "The new net is trained, and lost: end with return model.",
        ("    return model\n", ""),
    ),
    wrong(
        "source_returned",
        "The source comes back, and the net that you trained is lost. Return the copy.",
        ("    return model\n", "    return source_model\n"),
    ),
    wrong(
        "source_fed",
        "You pass the rows through the source, so your copy gets no gradient. Ask the new net: "
        "model(inputs).",
        (LOSS, "criterion(source_model(inputs), labels % 2)"),
    ),
)  # fmt: skip
