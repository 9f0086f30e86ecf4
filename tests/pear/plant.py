"""Plants a head that keeps a model from copying.

usage: plant.py MODEL LAYER FROM TO GAIN OUT
Head TO of a layer becomes a copy of head FROM, but for its columns of the output
projection, which are GAIN times those of FROM; with a negative gain it takes away what
FROM gives.  Where heads share keys and values, both must be of one group.  F32 alone.
"""
import math
import struct
import sys

class File:
    """A GGUF file in memory: keys, and where its tensors stand."""

    def __init__(self, name):
        with open(name, "rb") as f:
            self.data = bytearray(f.read())
        self.at, self.keys, self.tensors = 8, {}, {}
        tensors, keys = self.take("Q"), self.take("Q")
        for _ in range(keys):
            name = self.text()
            self.keys[name] = self.value(self.take("I"))
        infos = []
        for _ in range(tensors):
            name = self.text()
            shape = [self.take("Q") for _ in range(self.take("I"))]
            kind, offset = self.take("I"), self.take("Q")
            assert kind == 0, "F32 alone"
            infos.append((name, shape, offset))
        self.at += -self.at % self.keys.get("general.alignment", 32)
        for name, shape, offset in infos:
            self.tensors[name] = (shape, self.at + offset)

    def take(self, kind):
        out, = struct.unpack_from("<" + kind, self.data, self.at)
        self.at += struct.calcsize("<" + kind)
        return out

    def text(self):
        n = self.take("Q")
        self.at += n
        return self.data[self.at - n:self.at].decode()

    def value(self, kind):
        if kind == 8:
            return self.text()
        if kind == 9:
            inner, n = self.take("I"), self.take("Q")
            return [self.value(inner) for _ in range(n)]
        return self.take("BbHhIif?xxQqd"[kind])

    def get(self, name):
        shape, at = self.tensors[name]
        return shape, list(struct.unpack_from("<%df" % math.prod(shape), self.data, at))

    def put(self, name, numbers):
        struct.pack_into("<%df" % len(numbers), self.data, self.tensors[name][1], *numbers)

def copy_rows(f, name, to, origin, n):
    """n rows of a matrix, or numbers of a bias, become those from another place on."""
    if name not in f.tensors:
        return
    shape, x = f.get(name)
    width = shape[0] if len(shape) > 1 else 1
    x[to * width:(to + n) * width] = x[origin * width:(origin + n) * width]
    f.put(name, x)

def main():
    f = File(sys.argv[1])
    layer, origin, to, gain = int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
    a = f.keys["general.architecture"]
    heads, kv = f.keys[a + ".attention.head_count"], f.keys[a + ".attention.head_count_kv"]
    size, b = f.keys[a + ".embedding_length"] // heads, "blk.%d." % layer
    assert origin // (heads // kv) == to // (heads // kv) or kv == heads, "not of one group"
    for kind in (".weight", ".bias"):
        copy_rows(f, b + "attn_q" + kind, to * size, origin * size, size)
        for part in range(3):                                   # fused q, k, v, side by side
            copy_rows(f, b + "attn_qkv" + kind, (part * heads + to) * size, (part * heads + origin) * size, size)
    (columns, rows), x = f.get(b + "attn_output.weight")
    for r in range(rows):
        for i in range(size):
            x[r * columns + to * size + i] = gain * x[r * columns + origin * size + i]
    f.put(b + "attn_output.weight", x)
    with open(sys.argv[6], "wb") as out:
        out.write(f.data)

if __name__ == "__main__":
    main()
