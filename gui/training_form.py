"""What the fields of the training panel mean: which network, trained how, on which digits.

A recipe fills the fields with its own values. Numbers of the training may be changed beside it, as on the command
line; whoever changes the network or the digits goes on with settings of their own. While a training runs all is
locked but the rate, which may change at any moment.

Whether Train makes a new network or goes on with the one in hand is said by one box alone. It follows when the
fields come to describe another network than the one in hand, and a person may always choose otherwise.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from gui.more_settings import MoreDialog, MoreSettings
from gui.training_fields import TrainingFields, choose, usual_rate
from gui.training_plan import (
    NetworkPlan,
    RecipeDigits,
    RecipePlan,
    layers_in_words,
    layers_text,
    parse_layers,
    plan_of,
)
from nn.errors import ConfigurationError
from nn.recipes import RECIPES
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from PySide6.QtWidgets import QWidget

    from gui.training_plan import Plan, Source
    from nn.recipes import Recipe


class TrainingForm(TrainingFields):
    """The fields together."""

    changed = Signal()
    """Some field has another value."""

    rate_changed = Signal(float)
    """The rate is another; also while everything else is locked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._more = MoreSettings()
        self._recipe: Recipe | None = None
        self._in_hand: NetworkPlan | None = None
        self._own = self._all_values()
        self._has_mnist = True
        self._is_locked = self._is_filling = False
        self._can_be_own = True
        self._optimizer_before = str(self.optimizer.currentData())
        self._connect()
        self.show_sources(has_mnist=False)

    def hidden(self) -> tuple[int, ...]:
        """Return the sizes of the hidden layers; ConfigurationError, with a sentence, if they are none."""
        return parse_layers(self.layers.text())

    def plan(self) -> Plan:
        """Return the network that the fields describe; ConfigurationError as `hidden`."""
        if self._recipe:
            return RecipePlan(self._recipe.name)
        more = self._more
        return NetworkPlan(self.hidden(), self.activation.currentData(), more.loss, more.dropout, more.initial)

    def config(self) -> TrainingConfig:
        """Return how the fields say to train; ConfigurationError if nobody could."""
        base = self._recipe.config if self._recipe else TrainingConfig()
        optimizer = str(self.optimizer.currentData())
        return replace(
            base,
            epochs=self.epochs.value(),
            batch_size=self.batch.value(),
            optimizer=optimizer,
            optimizer_settings=base.optimizer_settings if optimizer == base.optimizer else {},
            rate=self.rate.value(),
            seed=self.seed.value(),
            **self._more.for_training(str(self.source_box.currentData())),
        )

    @property
    def recipe(self) -> Recipe | None:
        """The recipe that is chosen; None for settings of one's own."""
        return self._recipe

    @property
    def source(self) -> Source:
        """Which digits to train on."""
        if self._recipe:
            return RecipeDigits(self._recipe.name, self.seed.value())
        return str(self.source_box.currentData())

    @property
    def lacks_mnist(self) -> bool:
        """Whether what is chosen wants MNIST, and it is not here."""
        source = self.source
        return not self._has_mnist and isinstance(source, RecipeDigits) and source.wants_mnist

    @property
    def begins_anew(self) -> bool:
        """Whether Train makes the network of the fields; else it goes on with the one in hand."""
        return self.new_network.isChecked()

    @property
    def tells_of_another(self) -> bool:
        """Whether the fields tell of layers that are not those in hand, because no field could tell these."""
        return self._recipe is None and self._in_hand is None

    def show_plan(self, plan: NetworkPlan | None, *, begin_anew: bool = False) -> None:
        """Take note that another network is in hand: its shape goes into the fields, and a recipe stays.

        Parameters
        ----------
        plan
            What would make it; None if it is no plain perceptron.
        begin_anew
            Let Train make a new network all the same.
        """
        self._in_hand = plan
        if self._recipe:
            self._own["new_network"] = plan is None
            if plan:
                network = {"layers": layers_text(plan.hidden), "activation": plan.activation}
                more = self._more_from(self._own).with_network(plan)
                self._own |= {**network, "more": more.values()}
        with self._filling():
            self.new_network.setChecked(begin_anew)
            self._show_in_hand()

    def finish_typing(self) -> None:
        """Take a rate that is being typed as it stands."""
        self.rate.interpretText()

    def show_sources(self, *, has_mnist: bool) -> None:
        """Offer MNIST only where it is there, and choose it when it has just come."""
        if has_mnist == self._has_mnist:
            return
        self._has_mnist = has_mnist
        position = self.source_box.findData("mnist")
        self.source_box.model().item(position).setEnabled(has_mnist)  # type: ignore[attr-defined]
        self.get_mnist.setVisible(not has_mnist)
        source = "mnist" if has_mnist else "synthetic"
        self._own["source"] = source
        if self._recipe is None:
            choose(self.source_box, source)
        self._tell()

    def lock(self, *, locked: bool) -> None:
        """Lock or free everything but the rate, and the button for MNIST, which may stop a download."""
        self._is_locked = locked
        for field in (self.recipe_box, self.optimizer, self.batch, self.epochs, self.seed):
            field.setDisabled(locked)
        for button in (self.more, self.new_network):
            button.setDisabled(locked)
        # A recipe's network that these fields cannot describe is the recipe's alone, with its digits.
        for part in (self.source_box, self.layers, self.activation):
            part.setDisabled(locked or not self._can_be_own)

    def values(self) -> dict[str, Any]:
        """Return what is worth remembering until next week, as JSON can hold it; the rest is the network's."""
        self.finish_typing()
        values = self._all_values()
        del values["layers"], values["activation"], values["new_network"]
        if self._recipe:
            values["source"] = self._own["source"]
        return values

    def restore(self, values: Mapping[str, Any]) -> None:
        """Put remembered values back; what does not fit a field is as if it had never been remembered."""
        choose(self.recipe_box, values.get("recipe"))
        with self._filling():
            source = values.get("source")
            if self._recipe is None and (source != "mnist" or self._has_mnist):
                choose(self.source_box, source)
            self._put(values)
            # Loss and dropout are the network's, as the layers are.
            before = self._more
            self._more = replace(self._more_from(values), loss=before.loss, dropout=before.dropout)
        self._tell()

    def _connect(self) -> None:
        self.recipe_box.currentIndexChanged.connect(self._follow_recipe)
        self.optimizer.currentIndexChanged.connect(self._follow_optimizer)
        self.rate.valueChanged.connect(self.rate_changed)
        self.more.clicked.connect(self._ask_for_more)
        network = (self.layers.textChanged, self.activation.currentIndexChanged)
        for signal in (*network, self.source_box.currentIndexChanged):
            signal.connect(self._leave_recipe)
        for signal in network:
            signal.connect(self._follow_network)
        self.new_network.toggled.connect(self._follow_choice)
        for signal in (
            *network,
            self.source_box.currentIndexChanged,
            self.optimizer.currentIndexChanged,
            self.rate.valueChanged,
            self.batch.valueChanged,
            self.epochs.valueChanged,
            self.seed.valueChanged,
            self.new_network.toggled,
        ):
            signal.connect(self._tell)

    def _tell(self) -> None:
        if not self._is_filling:
            self.changed.emit()

    def _follow_network(self) -> None:
        """Ask for a new network when a person makes the fields describe another than the one in hand."""
        if not self._is_filling:
            with self._filling():
                self.new_network.setChecked(not self._describes_in_hand())

    def _describes_in_hand(self) -> bool:
        try:
            return self.plan() == self._in_hand
        except ConfigurationError:
            return False

    def _follow_choice(self) -> None:
        """Show the layers of the network in hand to whoever chooses to go on with it."""
        if not self._is_filling and not self.begins_anew:
            with self._filling():
                self._show_in_hand()

    def _show_in_hand(self) -> None:
        plan = self._in_hand
        if plan and self._recipe is None:
            self.layers.setText(layers_text(plan.hidden))
            choose(self.activation, plan.activation)
            self._more = self._more.with_network(plan)

    @contextmanager
    def _filling(self) -> Iterator[None]:
        """While fields are filled in, and nobody has changed anything."""
        before, self._is_filling = self._is_filling, True
        try:
            yield
        finally:
            self._is_filling = before

    def _follow_optimizer(self) -> None:
        """Turn the usual rate of one optimiser into that of the other; a rate of one's own choice stays."""
        chosen = str(self.optimizer.currentData())
        if not self._is_filling and self.rate.value() == usual_rate(self._optimizer_before):
            self.rate.setValue(usual_rate(chosen))
        self._optimizer_before = chosen

    # Recipes

    def _follow_recipe(self) -> None:
        """Fill the fields from the recipe, or put one's own values back."""
        if self._is_filling:
            return
        if self._recipe is None:
            self._own = self._all_values()
        self._recipe = RECIPES.get(str(self.recipe_box.currentData()))
        with self._filling():
            if self._recipe:
                self._fill(self._recipe)
            else:
                self._put_own_back()
        self._dress_recipe()
        self._tell()

    def _fill(self, recipe: Recipe) -> None:
        network, config = recipe.build(0), recipe.config
        plan = plan_of(network)
        self._can_be_own = plan is not None
        self.layers.setText(layers_text(plan.hidden) if plan else layers_in_words(network))
        self.layers.setCursorPosition(0)
        if plan:
            choose(self.activation, plan.activation)
        choose(self.source_box, "synthetic" if recipe.name.startswith("synthetic") else "mnist")
        choose(self.optimizer, config.optimizer)
        self.rate.setValue(config.rate)
        self.batch.setValue(config.batch_size)
        self.epochs.setValue(config.epochs)
        more = MoreSettings().with_training(config)
        self._more = more.with_network(plan) if plan else more
        # Whoever chooses a recipe wants it from its beginning.
        self.new_network.setChecked(True)

    def _put_own_back(self) -> None:
        own = self._own
        self._can_be_own = True
        self.layers.setText(own["layers"])
        choose(self.activation, own["activation"])
        choose(self.source_box, own["source"])
        self._put(own)
        self._more = self._more_from(own)
        self.new_network.setChecked(own["new_network"])

    def _leave_recipe(self) -> None:
        """Go on with settings of one's own, which begin as the recipe's."""
        if self._is_filling or self._recipe is None:
            return
        self._recipe = None
        with self._filling():
            self.recipe_box.setCurrentIndex(0)
        self._dress_recipe()

    def _dress_recipe(self) -> None:
        tip = self._recipe.summary if self._recipe else self.tr("A network, its digits and its training, by name")
        self.recipe_box.setToolTip(tip)
        self.lock(locked=self._is_locked)

    # Values

    def _all_values(self) -> dict[str, Any]:
        return {
            "recipe": self._recipe.name if self._recipe else "",
            "source": self.source_box.currentData(),
            "layers": self.layers.text(),
            "activation": self.activation.currentData(),
            "optimizer": self.optimizer.currentData(),
            "rate": self.rate.value(),
            "batch_size": self.batch.value(),
            "epochs": self.epochs.value(),
            "seed": self.seed.value(),
            "more": self._more.values(),
            "new_network": self.begins_anew,
        }

    def _put(self, values: Mapping[str, Any]) -> None:
        """Put the numbers of a training into the fields."""
        choose(self.optimizer, values.get("optimizer"))
        rate = values.get("rate")
        if isinstance(rate, float | int):
            self.rate.setValue(rate)
        for field, name in ((self.batch, "batch_size"), (self.epochs, "epochs"), (self.seed, "seed")):
            value = values.get(name)
            if isinstance(value, int) and abs(value) < 2**31:
                field.setValue(value)

    def _more_from(self, values: Mapping[str, Any]) -> MoreSettings:
        more = values.get("more")
        return self._more.restored(more) if isinstance(more, dict) else self._more

    # More

    def _ask_for_more(self) -> None:
        fixed = "" if self._can_be_own else self.tr("Loss, weights and dropout are the recipe's.")
        dialog = MoreDialog(self.window(), self._more, fixed=fixed)
        dialog.chosen.connect(self._take_more)
        dialog.open()

    def _take_more(self, more: MoreSettings) -> None:
        before, self._more = self._more, more
        if (before.loss, before.initial, before.dropout) != (more.loss, more.initial, more.dropout):
            self._leave_recipe()
            self._follow_network()
        if before.initial != more.initial:
            # Nothing else would have any use for them.
            self.new_network.setChecked(True)
        self._tell()
