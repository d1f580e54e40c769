"""Recipes in the training panel: chosen, changed, left again, and trained."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog

from gui.more_settings import MoreDialog, MoreSettings
from gui.panels.training import TrainingPanel
from gui.training_fields import choose
from gui.training_plan import NetworkPlan, RecipeDigits, RecipePlan, plan_of
from nn.recipes import RECIPES, recipe

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.training_form import TrainingForm
    from gui.training_plan import TrainingRequest

PLAN = NetworkPlan((50, 50), "relu")


@pytest.fixture
def panel(qtbot: QtBot) -> TrainingPanel:
    panel = TrainingPanel()
    qtbot.addWidget(panel)
    panel.show_plan(PLAN)
    panel.show()
    return panel


@pytest.fixture
def form(panel: TrainingPanel) -> TrainingForm:
    return panel.form


@pytest.fixture
def requests(panel: TrainingPanel) -> list[TrainingRequest]:
    requests: list[TrainingRequest] = []
    panel.train_requested.connect(requests.append)
    return requests


def take(form: TrainingForm, name: str) -> None:
    box = form.findChild(QComboBox, "recipe")
    assert box is not None
    choose(box, name)


def answer(form: TrainingForm, more: MoreSettings) -> None:
    form.more.click()
    dialog = form.window().findChild(QDialog, "more_settings")
    assert isinstance(dialog, MoreDialog)
    dialog.show_settings(more)
    dialog.accept()


def test_every_recipe_is_offered_behind_own_settings_with_its_summary(form: TrainingForm) -> None:
    box = form.recipe_box
    assert [box.itemData(position) for position in range(box.count())] == ["", *RECIPES]
    for position, known in enumerate(RECIPES.values(), start=1):
        assert box.itemData(position, Qt.ItemDataRole.ToolTipRole) == known.summary
    assert box.accessibleName() == "Recipe"


@pytest.mark.parametrize("name", RECIPES)
def test_train_asks_for_the_recipe_to_the_letter(
    panel: TrainingPanel, form: TrainingForm, requests: list[TrainingRequest], name: str
) -> None:
    take(form, name)
    form.seed.setValue(5)
    panel.train.click()
    (request,) = requests
    assert request.plan == RecipePlan(name)
    assert request.config == replace(recipe(name).config, seed=5)
    assert request.source == RecipeDigits(name, 5)


def test_a_perceptrons_recipe_fills_the_form(panel: TrainingPanel, form: TrainingForm) -> None:
    take(form, "nielsen-30")
    assert (form.layers.text(), form.activation.currentData()) == ("30", "sigmoid")
    assert (form.rate.value(), form.batch.value(), form.epochs.value()) == (3.0, 10, 30)
    assert form.source_box.currentData() == "mnist"
    assert panel.note.text().startswith(recipe("nielsen-30").summary)
    assert "MNIST" in panel.note.text()
    panel.show_sources(has_mnist=True)
    assert panel.note.text() == recipe("nielsen-30").summary


def test_a_network_that_the_fields_cannot_say_is_the_recipes_alone(form: TrainingForm) -> None:
    take(form, "simple-conv-net")
    assert form.layers.text() == "30 filters, 100"
    assert not any(field.isEnabled() for field in (form.layers, form.activation, form.source_box))
    form.epochs.setValue(1)
    assert form.recipe is RECIPES["simple-conv-net"]
    assert form.config() == replace(recipe("simple-conv-net").config, epochs=1)


def test_whoever_changes_the_network_goes_on_with_settings_of_their_own(
    panel: TrainingPanel, form: TrainingForm, requests: list[TrainingRequest]
) -> None:
    take(form, "nielsen-30")
    form.layers.setText("40")
    assert form.recipe is None
    assert form.recipe_box.currentText() == "Own settings"
    panel.train.click()
    assert requests[0].plan == NetworkPlan((40,), "sigmoid", "squared_error")
    assert requests[0].config.rate == 3.0


def test_another_loss_leaves_the_recipe_and_another_schedule_does_not(form: TrainingForm) -> None:
    take(form, "nielsen-30")
    answer(form, MoreSettings(loss="squared_error", schedule="cosine"))
    assert form.recipe is RECIPES["nielsen-30"]
    assert form.config().schedule == "cosine"
    answer(form, MoreSettings(loss="cross_entropy"))
    assert form.recipe is None


def test_own_settings_come_back_as_they_were(form: TrainingForm) -> None:
    form.rate.setValue(0.07)
    form.layers.setText("12")
    before = form.values(), form.plan(), form.config()
    for name in ("deep-conv-net", "nielsen-100"):
        take(form, name)
    take(form, "")
    assert (form.values(), form.plan(), form.config()) == before
    assert form.layers.isEnabled()


def test_a_recipe_begins_anew_once_and_then_goes_on(
    panel: TrainingPanel, form: TrainingForm, requests: list[TrainingRequest]
) -> None:
    take(form, "n-layer")
    panel.train.click()
    panel.show_plan(plan_of(recipe("n-layer").build(0)))
    panel.train.click()
    assert [request.plan for request in requests] == [RecipePlan("n-layer"), None]


def test_after_a_recipe_own_settings_ask_for_a_network_of_their_own(
    panel: TrainingPanel, form: TrainingForm, requests: list[TrainingRequest]
) -> None:
    take(form, "simple-conv-net")
    panel.show_plan(plan_of(recipe("simple-conv-net").build(0)))
    take(form, "")
    panel.train.click()
    assert requests[0].plan == PLAN


@pytest.mark.parametrize("plan", [PLAN, None])
def test_a_recipe_that_was_only_looked_at_leaves_the_choice_as_it_was(
    panel: TrainingPanel, form: TrainingForm, plan: NetworkPlan | None
) -> None:
    panel.show_plan(plan)
    for chosen in (False, True):
        form.new_network.setChecked(chosen)
        take(form, "synthetic-mlp")
        assert form.begins_anew
        take(form, "")
        assert form.begins_anew is chosen


def test_the_network_in_hand_can_be_trained_on_by_a_recipe(
    panel: TrainingPanel, form: TrainingForm, requests: list[TrainingRequest]
) -> None:
    take(form, "nielsen-30")
    form.new_network.setChecked(False)
    panel.train.click()
    assert requests[0].plan is None
    assert requests[0].source == RecipeDigits("nielsen-30", 0)
    assert form.layers.text() == "30"


def test_other_initial_weights_ask_for_a_network_that_has_them(panel: TrainingPanel, form: TrainingForm) -> None:
    answer(form, MoreSettings(patience=3))
    assert not form.begins_anew
    answer(form, MoreSettings(patience=3, initial="xavier"))
    assert form.begins_anew


def test_a_recipe_with_its_changes_and_more_come_back_next_week(
    qtbot: QtBot, panel: TrainingPanel, form: TrainingForm
) -> None:
    take(form, "multi-layer-net")
    form.epochs.setValue(3)
    answer(form, MoreSettings(weight_decay=0.01, augmentation="strong", patience=4, schedule="steps"))
    remembered = panel.values()
    other = TrainingPanel()
    qtbot.addWidget(other)
    other.restore(remembered)
    assert other.values() == remembered
    assert other.form.config() == form.config()
    other.restore({"recipe": "cake", "more": {"schedule": "soon", "patience": -1, "weight_decay": "much"}})
    assert other.values() == remembered


@pytest.mark.parametrize(("mnist", "augmentation"), [(True, "none"), (False, "gentle")])
def test_synthetic_digits_are_varied_and_mnist_is_left_alone(
    panel: TrainingPanel, form: TrainingForm, *, mnist: bool, augmentation: str
) -> None:
    panel.show_sources(has_mnist=mnist)
    assert form.config().augmentation == augmentation
    answer(form, MoreSettings(augmentation="rotations"))
    assert form.config().augmentation == "rotations"


def test_more_of_the_network_asks_for_another_network(
    panel: TrainingPanel, form: TrainingForm, requests: list[TrainingRequest]
) -> None:
    answer(form, MoreSettings(dropout=0.3))
    assert "dropout 0.3" in panel.note.text()
    panel.train.click()
    assert requests[0].plan == replace(PLAN, dropout=0.3)


def test_the_dialog_locks_what_is_the_recipes_and_keeps_the_rest_on_cancel(form: TrainingForm) -> None:
    take(form, "deep-conv-net")
    before = form.config()
    form.more.click()
    dialog = form.window().findChild(QDialog, "more_settings")
    assert isinstance(dialog, MoreDialog)
    assert not dialog.dropout.isEnabled()
    dialog.weight_decay.setValue(0.5)
    dialog.reject()
    assert form.config() == before


def test_the_dialog_gives_out_what_it_shows_and_restores_defaults(qtbot: QtBot, panel: TrainingPanel) -> None:
    more = MoreSettings("squared_error", "xavier", 0.25, "one_cycle", 0.0005, "strong", 7)
    dialog = MoreDialog(panel, more)
    qtbot.addWidget(dialog)
    assert dialog.settings() == more
    dialog.restore_defaults()
    assert dialog.settings() == MoreSettings()
