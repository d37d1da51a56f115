"""Writes products.json: batched products, vectors and Einstein summations, in float64.

Run once with a Python that has PyTorch, in any folder; the tests read the file and need no Python.
"""
import torch

from cases import case, random, write


def flags(left, right):
    return {"transposes_left": {"bool": left}, "transposes_right": {"bool": right}}


def product(x, y, left, right):
    x = x.transpose(-1, -2) if left and x.dim() > 1 else x
    y = y.transpose(-1, -2) if right and y.dim() > 1 else y
    return torch.matmul(x, y)


def products(op, pairs, m, k, n):
    for a, b in pairs:
        for left in (False, True):
            for right in (False, True):
                x = random(*a, *((k, m) if left else (m, k)))
                y = random(*b, *((n, k) if right else (k, n)))
                case(op, lambda p, q, l=left, r=right: product(p, q, l, r), [x, y],
                     flags(left, right))


batches = [((2,), (2,)), ((3,), ()), ((), (3,)), ((2, 1), (1, 3)), ((2, 2), (2, 1)),
           ((2, 1, 2), (3, 1)), ((0,), ()), ((1,), (2, 1))]
products("matmul", batches, 2, 3, 4)
products("matmul", [((2, 3), (1,)), ((1,), (2, 3))], 1, 2, 1)
products("matmul", [((2,), ())], 2, 0, 3)

for left, right in ((False, False), (True, True)):
    for a, b in (((3,), (3, 4)), ((3,), (2, 3, 4)), ((4, 3), (3,)), ((2, 4, 3), (3,)), ((3,), (3,)),
                 ((0,), (0, 2))):
        x = random(*(a[:-2] + (a[-1], a[-2]) if left and len(a) > 1 else a))
        y = random(*(b[:-2] + (b[-1], b[-2]) if right and len(b) > 1 else b))
        case("matmul_vector", lambda p, q, l=left, r=right: product(p, q, l, r), [x, y],
             flags(left, right))
for size in (0, 1, 5):
    case("dot", torch.dot, [random(size), random(size)])
for m, n in ((3, 4), (1, 2), (0, 3)):
    case("outer", torch.outer, [random(m), random(n)])

integers = [(torch.int8, -128, 128), (torch.uint8, 0, 256), (torch.int32, -2**31, 2**31),
            (torch.int64, -2**20, 2**20)]
for dtype, low, high in integers:
    x = torch.randint(low, high, (2, 3, 5), dtype=torch.int64).to(dtype)
    y = torch.randint(low, high, (5, 2), dtype=torch.int64).to(dtype)
    wide = torch.int32 if dtype in (torch.int8, torch.uint8) else dtype
    case("matmul", lambda p, q, t=wide: torch.matmul(p.to(t), q.to(t)), [x, y],
         flags(False, False), gradient=False)
x = torch.randint(0, 256, (3, 5), dtype=torch.int64).to(torch.uint8)
y = torch.randint(-128, 128, (5, 2), dtype=torch.int64).to(torch.int8)
case("matmul", lambda p, q: torch.matmul(p.to(torch.int32), q.to(torch.int32)), [x, y],
     flags(False, False), gradient=False)

equations = [
    ("bij,bjk->bik", (2, 3, 2), (2, 2, 3)), ("ij->ji", (2, 3)), ("ii->i", (3, 3)), ("ii", (3, 3)),
    ("i,i->", (4,), (4,)), ("i,j->ij", (2,), (3,)), ("ij,jk", (2, 3), (3, 2)),
    ("kj,ji", (2, 3), (3, 4)), ("ij,kj->ki", (2, 3), (4, 3)),
    ("...ij,...jk->...ik", (2, 1, 2, 3), (3, 3, 2)), ("bqhd,bkhd->bhqk", (2, 3, 2, 2), (2, 2, 2, 2)),
    ("ij,ij->", (2, 3), (2, 3)), ("ijk->ki", (2, 3, 2)), ("ab,bc,cd->ad", (2, 3), (3, 4), (4, 2)),
    ("iij,jk->ik", (2, 2, 3), (3, 2)), ("bi,bi->b", (2, 3), (2, 3)), ("...i->...", (2, 2, 3)),
    ("i...j->j...i", (2, 3, 2)), ("ij,j,i->", (2, 3), (3,), (2,)), ("aab,bcc->ac", (2, 2, 3), (3, 2, 2)),
    (",ij->ij", (), (2, 3)), ("zBa,aB", (2, 3, 2), (2, 3)), ("iii->i", (3, 3, 3)),
    ("ai,aj,ak->ijk", (2, 2), (2, 3), (2, 2)), ("...a,ab->...b", (2, 2, 3), (3, 2)),
    ("ij,jk->ik", (2, 0), (0, 3)), ("ij,jk->ik", (2, 1), (3, 2)),
]
for equation, *shapes in equations:
    case("einsum", lambda *x, e=equation: torch.einsum(e, *x), [random(*s) for s in shapes],
         {"equation": {"string": equation}})

write(__file__)
