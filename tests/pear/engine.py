"""A third engine: the formulas as torch tensors, of any precision, with gradients.

Net(meta, tensors) takes what oracle/reference.py reads from a GGUF file; train.py makes
both itself.  logits(ids, tau) is batch x length x vocabulary; tau, layers x heads, are
what the heads' outputs are multiplied by (PEAR).
"""
import math

import torch

LAYER_NORM = ("gpt2", "bloom", "mpt")

class Net:
    def __init__(self, meta, tensors):
        self.meta, self.t, self.a = meta, tensors, meta["general.architecture"]
        self.layers, self.heads = self.size("block_count"), self.size("attention.head_count")
        self.kv, self.width = self.size("attention.head_count_kv"), self.size("embedding_length")
        self.head = self.size("attention.key_length", self.width // self.heads)

    def size(self, name, other=None):
        return self.meta.get(self.a + "." + name, other)

    def linear(self, name, x):
        y = x @ self.t[name + ".weight"].T
        return y + self.t[name + ".bias"] if name + ".bias" in self.t else y

    def norm(self, name, x):
        if name + ".weight" not in self.t:
            return x
        if self.a in LAYER_NORM:
            x = x - x.mean(-1, keepdim=True)
        x = x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-5) * self.t[name + ".weight"]
        return x + self.t[name + ".bias"] if name + ".bias" in self.t else x

    def angles(self, length, like):
        i = torch.arange(self.head // 2, dtype=like.dtype)
        f = self.size("rope.freq_base") ** (-2 * i / self.head)
        if "rope_freqs.weight" in self.t:
            f = f / self.t["rope_freqs.weight"]
        return torch.arange(length, dtype=like.dtype)[:, None] * f

    def turn(self, x):
        """batch x heads x length x head"""
        if self.a in LAYER_NORM or self.a == "baichuan" and self.layers != 32:
            return x
        a = self.angles(x.shape[2], x)
        c, s = a.cos(), a.sin()
        if self.a in ("llama", "baichuan"):
            p, q = x[..., 0::2], x[..., 1::2]
            return torch.stack((p * c - q * s, p * s + q * c), -1).flatten(-2)
        p, q = x.chunk(2, -1)
        return torch.cat((p * c - q * s, p * s + q * c), -1)

    def bias(self, i, length, like):
        """What is added to scores: ALiBi, and minus infinity where nothing is seen."""
        far = torch.arange(length)[None, :] - torch.arange(length)[:, None]
        out = torch.zeros(self.heads, length, length, dtype=like.dtype)
        if self.a in ("bloom", "mpt"):
            n = 1 << (self.heads.bit_length() - 1)
            slope = [2 ** (-8 * (h + 1) / n) if h < n else 2 ** (-4 * (2 * (h - n) + 1) / n) for h in range(self.heads)]
            out = out + torch.tensor(slope, dtype=like.dtype)[:, None, None] * far
        window = self.size("attention.sliding_window", 0) if i % 2 == 0 or self.a != "gemma2" else 0
        hidden = (far > 0) | (far <= -window if window else False)
        return out.masked_fill(hidden, -math.inf)

    def project(self, i, x):
        b, q, k = "blk.%d." % i, self.heads * self.head, self.kv * self.head
        if b + "attn_qkv.weight" in self.t:
            y = self.linear(b + "attn_qkv", x)
        else:
            y = torch.cat([self.linear(b + "attn_" + c, x) for c in "qkv"], -1)
        clamp = self.size("attention.clamp_kqv")
        y = y.clamp(-clamp, clamp) if clamp else y
        shape = x.shape[:2]
        parts = [p.reshape(*shape, -1, self.head).transpose(1, 2) for p in y.split([q, k, k], -1)]
        return self.norm(b + "attn_q_norm", parts[0]), self.norm(b + "attn_k_norm", parts[1]), parts[2]

    def attend(self, i, x, tau):
        q, k, v = self.project(i, x)
        q, k = self.turn(q), self.turn(k)
        k, v = (y.repeat_interleave(self.heads // self.kv, 1) for y in (k, v))
        s = q @ k.transpose(-1, -2) / math.sqrt(self.head)
        cap = self.size("attn_logit_softcapping")
        s = cap * torch.tanh(s / cap) if cap else s
        z = torch.softmax(s + self.bias(i, x.shape[1], x), -1) @ v
        if tau is not None:
            z = z * tau[i][:, None, None]
        return self.linear("blk.%d.attn_output" % i, z.transpose(1, 2).flatten(-2))

    def act(self, x):
        if self.a in ("gpt2", "bloom", "gemma2"):
            return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))
        if self.a == "mpt":
            return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))
        return x * torch.sigmoid(x)

    def mlp(self, i, x):
        b = "blk.%d." % i
        up = self.linear(b + "ffn_up", x)
        if self.a == "phi3":
            gate, up = up.chunk(2, -1)
            up = self.act(gate) * up
        elif b + "ffn_gate.weight" in self.t:
            up = self.act(self.linear(b + "ffn_gate", x)) * up
        else:
            up = self.act(up)
        return self.linear(b + "ffn_down", up)

    def logits(self, ids, tau=None):
        x = self.t["token_embd.weight"][ids]
        if self.a == "gemma2":
            x = x * math.sqrt(self.width)
        if "position_embd.weight" in self.t:
            x = x + self.t["position_embd.weight"][:ids.shape[1]]
        x = self.norm("token_embd_norm", x)
        for i in range(self.layers):
            b = "blk.%d." % i
            x = x + self.norm(b + "post_attention_norm", self.attend(i, self.norm(b + "attn_norm", x), tau))
            x = x + self.norm(b + "post_ffw_norm", self.mlp(i, self.norm(b + "ffn_norm", x)))
        rows = self.t.get("output.weight", self.t["token_embd.weight"])
        y = self.norm("output_norm", x) @ rows.T
        cap = self.size("final_logit_softcapping")
        return cap * torch.tanh(y / cap) if cap else y

def copy_loss(net, ids, tau=None):
    """Mean cross-entropy of the second copy: ids are batch x 2n, one half twice (B2)."""
    n = ids.shape[1] // 2
    logits = net.logits(ids, tau)[:, n - 1:-1]
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, n:].flatten())

def copy_accuracy(net, ids, tau=None):
    """How often the token after the last occurrence is the likeliest; the second
    copy's first token is left out, as nothing tells it."""
    n = ids.shape[1] // 2
    guess = net.logits(ids, tau)[:, n:-1].argmax(-1)
    return (guess == ids[:, n + 1:]).float().mean().item()
