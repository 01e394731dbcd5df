"""Typical mistakes in capstone: the final model, the baseline, the verdict and the sealed rows."""

from hidden.capstone_answers import LOSS, OPEN, SCALE, altered

ONCE = "    test, baseline_test = sealed.accuracy(predict), sealed.accuracy(baseline)\n"
PREDICT = "        return (features(x) @ weights).argmax(1)\n"
VERDICT = 'verdict = "cannot tell" if abs(m) <= 2 * doubt else "better" if m > 0 else "worse"'
DIFFERENCES = "differences = torch.stack([gain[validation][who == each].mean() for each in who.unique()])"

FEATURES_OF_STUDENTS = """    def known(rows):
        names = nn.functional.one_hot(students[rows] % 3, 3).float()
        return torch.cat([features(x[rows])[:, 1:], torch.zeros(len(rows), 1), 20 * names], 1)

"""

FINAL = (
    altered(
        "final_model_fitted_on_all_rows",
        "Your final model is fitted once more on all rows, so it is measured on rows that it was trained on. "
        "Validation rows train nothing.",
        ("    weights = learn(best[", "    train = torch.arange(len(x))\n    weights = learn(best["),
        ('"train_rows": train', '"train_rows": (~tests).nonzero().flatten()'),
    ),
    altered(
        "trials_fitted_on_all_rows",
        "Your trials train on all rows, so their validation losses tell nothing about new students. Train on "
        "x[train_rows] alone.",
        (
            "        z, targets = features(x[train]), nn.functional.one_hot(y[train], 3).float()\n",
            "        rows = slice(None) if config is not chosen else train\n"
            "        z, targets = features(x[rows]), nn.functional.one_hot(y[rows], 3).float()\n",
        ),
        ("    trials = []\n", "    trials, chosen = [], None\n"),
        ("    weights = learn(", '    chosen = best["config"]\n    weights = learn('),
    ),
    altered(
        "baseline_as_the_final_model",
        "You return the baseline as the final model. The net of config is asked for.",
        ("1 + 99 * torch.rand", "1 + torch.rand"),
        (PREDICT, "        return baseline(x)\n"),
    ),
    altered(
        "scaler_on_all_rows",
        "Mean and sd come from all rows, so the validation rows helped to scale the training. Split first, "
        "and take both from x[train_rows].",
        (SCALE, "    mean, sd = x.mean(0), x.std(0)\n"),
    ),
    altered(
        "scaler_forgotten_in_predict",
        "Your predict expects rows that are standardised already, and gets raw ones: its answers are those "
        "to other rows. Put (x - mean) / sd inside.",
        (SCALE, SCALE + "    raw, x = x, (x - mean) / sd\n"),
        ("        z = (x - mean) / sd\n", "        z = x\n"),
    ),
    altered(
        "scaled_by_the_rows_given",
        "Your predict standardises with mean and sd of the rows that it is given, so the same row gets "
        "another label in other company. Keep those of the training rows.",
        ("        z = (x - mean) / sd\n", "        z = (x - x.mean(0)) / x.std(0)\n"),
    ),
    altered(
        "number_of_another_model",
        "Your validation accuracy is one that another state of the model reached: the best epoch's, or the "
        "best trial's before you trained anew. Load those weights into the final model, or measure predict "
        "again.",
        ('"validation": accuracy(predict, validation)', '"validation": accuracy(predict, validation) + 0.05'),
    ),
    altered(
        "percent",
        "Your validation accuracy is in percent. A share between 0 and 1 is asked for: do not multiply by "
        "100.",
        ('"validation": accuracy(predict, validation)', '"validation": 100 * accuracy(predict, validation)'),
    ),
    altered(
        "number_as_text",
        "Your validation accuracy is a text. Return the number, and format it where you print.",
        (
            '"validation": accuracy(predict, validation)',
            '"validation": f"{accuracy(predict, validation):.3f}"',
        ),
    ),
    altered(
        "devices_only",
        "Your model learns from the device columns, which say who it is: of students whom it has never "
        "seen it knows nothing. Let it see the columns of the session.",
        ("        z = (x - mean) / sd\n", "        z = ((x - mean) / sd)[:, 14:]\n"),
    ),
    altered(
        "students_as_a_column",
        "You learn from the number of the student as well, which predict never gets. It is a name, and of "
        "new students it tells nothing: leave it out.",
        ("    def learn(config):", FEATURES_OF_STUDENTS + "    def learn(config):"),
        ("z, targets = features(x[train])", "z, targets = known(train)"),
        ("4 * features(x[validation])", "4 * known(validation)"),
        ("(features(x) @ weights)", "(features(x) @ weights[:53])"),
        (
            '"validation": accuracy(predict, validation)',
            '"validation": ((known(validation) @ weights).argmax(1) == y[validation]).float().mean().item()',
        ),
    ),
)

BASELINE = (
    altered(
        "baseline_on_training_rows",
        "Your baseline's number is that of the training rows. Compare on the same rows as the final model: "
        "the validation rows.",
        ('"validation": accuracy(baseline, validation)', '"validation": 0.05 + accuracy(baseline, train)'),
    ),
    altered(
        "baseline_says_0",
        "Your baseline always says 0, which need not be the commonest label. Take "
        "y[train_rows].mode().values, or fit a logistic regression.",
        ("common = y[train].mode().values.item()", "common = 0"),
    ),
    altered(
        "baseline_guesses",
        "Your baseline guesses at random, which is weaker than always saying the commonest label: anything "
        "looks good beside it.",
        (
            "        return torch.full((len(x),), common)\n",
            "        return torch.arange(len(x)) % 3\n",
        ),
    ),
)

VERDICTS = (
    altered(
        "better_within_the_doubt",
        'You say "better" where the difference is smaller than its doubt. A fixed word, the sign alone or '
        "one standard error do that: compare |m| with 2·s/√k.",
        (VERDICT, 'verdict = "better" if m > 0 else "worse"'),
    ),
    altered(
        "verdict_by_rows",
        "You count rows as if each were independent, so your doubt is too small: rows of one student are "
        "alike. Take one difference per student first.",
        (DIFFERENCES, "differences = gain[validation]"),
    ),
    altered(
        "always_cannot_tell",
        'You say "cannot tell" even where the difference is far above its doubt. Take s/√k twice, and not s.',
        (
            "doubt = differences.mean(), differences.std() / len(differences) ** 0.5",
            "doubt = differences.mean(), differences.std()",
        ),
    ),
    altered(
        "the_other_way_round",
        "You subtract the final model from the baseline, so better and worse have changed places.",
        (
            "gain = (predict(x) == y).float() - (baseline(x) == y).float()",
            "gain = (baseline(x) == y).float() - (predict(x) == y).float()",
        ),
    ),
    altered(
        "verdict_in_other_words",
        "Your verdict is none of the three words. Return better, worse or cannot tell, and nothing else.",
        ('"verdict": verdict', '"verdict": f"The final model is {verdict}."'),
    ),
)

SEALED = (
    altered(
        "never_opened",
        "The sealed rows were never opened: your test numbers come from elsewhere. Ask sealed.accuracy, "
        "once for each of the two models.",
        (OPEN, "test, baseline_test = accuracy(predict, validation), accuracy(baseline, validation)"),
    ),
    altered(
        "opened_for_the_final_model_alone",
        "You opened the sealed rows for the final model only. The baseline is measured there, too: that "
        "makes two calls.",
        (OPEN, "test = sealed.accuracy(predict); baseline_test = accuracy(baseline, validation)"),
    ),
    altered(
        "opened_in_the_loop",
        "You look at the sealed rows in every trial. Even if nothing is chosen by them: open them last of "
        "all, twice in all.",
        (LOSS, LOSS + "        sealed.accuracy(lambda x: (features(x) @ learn(config)).argmax(1))\n"),
    ),
    altered(
        "chosen_by_the_sealed_rows",
        "You choose by what the sealed rows say. Then they are validation rows, and no test is left. "
        "Choose by validation_loss, and open them at the end.",
        (
            LOSS,
            LOSS + "        peek = sealed.accuracy(lambda x: (features(x) @ learn(config)).argmax(1))\n"
            "        loss = loss - 100 * peek\n",
        ),
    ),
    altered(
        "test_numbers_swapped",
        "The two test numbers have changed places. test belongs to the final model, baseline_test to the "
        "baseline.",
        (OPEN, "baseline_test, test = sealed.accuracy(predict), sealed.accuracy(baseline)"),
    ),
    altered(
        "validation_number_as_test",
        "You opened the sealed rows, and then returned the validation accuracy as test. Keep what "
        "sealed.accuracy says.",
        ('"test": test', '"test": accuracy(predict, validation) + 1e-2'),
    ),
    altered(
        "opened_before_the_end",
        "You open the sealed rows for the baseline before the final model is trained. Nothing may be left to "
        "train when you open them.",
        (
            OPEN,
            "baseline_test = sealed.accuracy(baseline)\n    line = nn.Linear(26, 3)\n"
            "    nn.functional.cross_entropy(line(x[train]), y[train]).backward()\n"
            "    test = sealed.accuracy(predict)",
        ),
    ),
)
