"""The tiny lesson with two predictions, a quick question and a question with options."""

from __future__ import annotations

from tiny_course import LESSON

EXPLAINED = "Twice as much goes in, and twice as much comes out: that is what **linear** means."
QUESTIONS = f"""
```{{code-cell}}
from predictions import predict, quick, reveal
```

```{{code-cell}}
:tags: [demo]

predict("twice", "Twice as much goes in. What comes out?", ["twice as much", "four times as much."])
```

+++ {{"reveal": "twice", "right": "twice as much", "close": ["four times as much."]}}

{EXPLAINED}

```{{code-cell}}
:tags: [demo]

predict("seven", "What is double(7)?", unit="")
```

+++ {{"reveal": "seven", "right": 14}}

Seven and seven are fourteen, as ever.

```{{code-cell}}
:tags: [demo]

quick("halves", "What undoes doubling?", ["halving", "doubling again"])
```

+++ {{"replies": "halves", "right": "halving"}}

- **halving.** Yes: half of the double is
  the number itself.
- **doubling again.** That makes four times the number.

+++

## The exercises

- **A.** The first option of a question,
  on two lines.
- **B.** The second option.
"""
TEXT = LESSON.replace("# Doubling\n", f"# Doubling\n{QUESTIONS}")
