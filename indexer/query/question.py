"""A question goes in, what it is about comes out: the words that only ask are no words to look for.

Documents of record state and never ask, so a word such as 多少 is rare in them; by its rarity it would count as much as
the subject, and 花多少钱 in a speech would answer every question of money. For the related tier alone.
"""

from __future__ import annotations

import re

# Measured with docs/relevance.md's sets: lay questions nDCG@10 0.3479 to 0.3481, recall@100 0.6175 to 0.6186; judged
# queries nDCG@10 + 0.006, of which conjunctions + 0.003.
ASKING = re.compile(
    "请问|为什么|为何|是?(?:多少|什么|谁|哪些|哪个|哪里|哪儿|哪种|怎么样|怎么办|怎么|怎样|如何)"
    "|是否|是不是|能不能|能否|可否|可不可以|可以不可以|要不要|有没有|会不会|该不该|需不需要"
    "|或者|还是|以及|[吗呢嘛](?=[ ?,.。!]|$)"
)


def subject(plain: str) -> str:
    """Return chunks between spaces without the words that ask; as they are where nothing else is in them."""
    left = " ".join(ASKING.sub(" ", plain).split())
    return left if any(map(str.isalnum, left)) else plain
