"""Recipes: networks with their digits and their training, by name, so that one command makes them again.

A file a book: `rashid`, `from_scratch`, `nielsen`; `seeds` has the programs that Inkling grew from, and `house`
the networks that ship. Each builder says what its original does and where this differs.
"""

from __future__ import annotations

from nn.errors import ConfigurationError
from nn.recipes import from_scratch, house, nielsen, rashid, seeds
from nn.recipes.digits import MnistDigits
from nn.recipes.recipe import Published, Recipe

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (*house.RECIPES, *rashid.RECIPES, *from_scratch.RECIPES, *seeds.RECIPES, *nielsen.RECIPES)
}
"""Every recipe by the name that commands use."""


def recipe(name: str) -> Recipe:
    """Return the recipe called `name`.

    Raises
    ------
    ConfigurationError
        If there is none.

    Examples
    --------
    >>> print(recipe("nielsen-30").build(0).summary())
    Nielsen 784-30-10: input 784
      Dense(784 -> 30)                           30       23,550
      Sigmoid()                                  30            0
      Dense(30 -> 10)                            10          310
      Sigmoid()                                  10            0
      SquaredError(low=0.0, high=1.0)                     23,860 parameters
    """
    if name not in RECIPES:
        raise ConfigurationError(f"There is no recipe {name!r}; wanted one of {', '.join(RECIPES)}.")
    return RECIPES[name]


__all__ = ["RECIPES", "MnistDigits", "Published", "Recipe", "recipe"]
