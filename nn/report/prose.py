"""What a report says in words between its tables."""

from __future__ import annotations

READING = """\
## What it reads

The last ten columns are the percentage of each digit that is read right. *Read right* goes by the most probable
digit; of a digit that is *refused* the program says all the same that it is none. MNIST's test set is read to
report, never to choose."""

MISSING = "Not on the computer that made this page, and therefore left out: {names}."

BEARING = """\
## What it bears

Percent read right of validation digits under distortions of growing strength. Strokes are bent before they are
inked, as on the pad; where there are only pictures, pictures are. Size and place on the pad are taken out by the
frame and can make no difference, but for the rounding of a mouse that knows whole pixels only. The pad inks every
drawing alike; a pen of another thickness comes with a picture of a digit, whose lines are brought nearer to
MNIST's. *Pen* is what the network bears without that. What is refused counts by its reading all the same; the
thin lines show how much is not refused."""

BELIEVING = """\
## Whether its confidence may be believed

The calibration error is the mean distance between confidence and success over 15 bins of confidence. Answers that
are shown count, not what is refused."""

REFUSING = """\
## What is no digit

How often the program says so, and which digit the network finds the most probable all the same."""

PACE = """\
## How long it takes

Frame and reading together take {median:.2f} ms on one core in the median, and {slow:.2f} ms at the 95th
percentile; the frame alone takes {frame:.2f} ms ({machine})."""

MISTAKING = "## What it takes for what"

MISREADING = "## What is misread"

PICTURES_ELSEWHERE = """\
Pictures of misread digits are copies of the data they come from and are not kept here. Where the data is, this
draws them:

```sh
python -m nn report --weights {file} --out report.md
```"""

LIMITS = """\
## What it does not do

{others}
It reads one digit at a time. Its confidence holds for people who write like those above; of people who write
otherwise it misreads more than it says."""

REFUSES = """\
It says that a drawing is no digit where it looks like none; a letter that looks like a digit is read as one, and
some others are as well: the shares are above."""

REFUSES_NOTHING = """\
It knows ten digits and nothing else: a letter or a scribble is read as some digit, often with confidence."""

COLLECTIONS = {
    "MNIST": """\
- MNIST: LeCun, Cortes, Burges; CC BY-SA 3.0. Who wrote which digit: C. Yadav, L. Bottou, QMNIST, 2019; BSD. The
  digits of 44 of its training writers are kept apart for validation.""",
    "pen digits": """\
- Pen-Based Recognition of Handwritten Digits, the original recording, through the ink of `nn.ink`: E. Alpaydin,
  F. Alimoglu, 1998, UCI dataset 81; CC BY 4.0. Six of its 30 writers are kept apart for validation.""",
    "synthetic": "- Synthetic digits: drawn by `nn.data.synthetic`, which is part of Inkling.",
    "that are none": """\
- Drawings that are no digit: made by `nn.data.no_digits`, which is part of Inkling. No letter is among them.""",
}
"""Whose data a network learned from, by the word that names it in the network's record."""

TERMS = """\
The weights may be used under the MIT licence of Inkling; they were learned from the data named here, whose authors
ask to be named."""

MEASURED_ON = """\
Only measured on, never learned from: MNIST's test set, and the number pad, digits and signs of one writer with a
finger or stylus; Apache-2.0."""

UNKNOWN = "What it learned from is not written in its file."
