"""Times training steps of a BERT in plain PyTorch, eager, for `pupil bench train`.

Reads one JSON document from the first argument:
  {"shapes": [[layers, hidden, heads, length, batch, vocabulary], ...], "device": "cpu" | "cuda", "seconds": a shape's budget}
Prints one to stdout:
  {"version": "2.5.1", "device": "cpu" | the card's name, "threads": 2, "rows": [{"shape": [...], "ms": the median step}]}

The model is the one that our side trains: post-norm layers, exact GELU, a pooler on the first token, two classes, no dropout,
weights from a normal distribution of deviation 0.02. A step is forward, loss, backward, clipping to norm 1 and AdamW, with
nothing read back; no decay on biases and norms.
"""

import json
import os
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

CLASSES = 2
POSITIONS = 512
LEAST_ROUNDS = 3
MOST_ROUNDS = 25


class Layer(nn.Module):
    def __init__(self, hidden, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)
        self.output = nn.Linear(hidden, hidden)
        self.attention_norm = nn.LayerNorm(hidden, eps=1e-12)
        self.inner = nn.Linear(hidden, 4 * hidden)
        self.outer = nn.Linear(4 * hidden, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, x, mask):
        batch, length, hidden = x.shape

        def split(projected):
            return projected.view(batch, length, self.heads, hidden // self.heads).transpose(1, 2)

        context = functional.scaled_dot_product_attention(
            split(self.query(x)), split(self.key(x)), split(self.value(x)), attn_mask=mask
        )
        context = context.transpose(1, 2).reshape(batch, length, hidden)
        attended = self.attention_norm(self.output(context) + x)
        return self.norm(self.outer(functional.gelu(self.inner(attended))) + attended)


class Bert(nn.Module):
    def __init__(self, layers, hidden, heads, vocabulary):
        super().__init__()
        self.words = nn.Embedding(vocabulary, hidden)
        self.positions = nn.Embedding(POSITIONS, hidden)
        self.types = nn.Embedding(2, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(hidden, heads) for _ in range(layers))
        self.pooler = nn.Linear(hidden, hidden)
        self.classifier = nn.Linear(hidden, CLASSES)
        self.apply(initialize)

    def forward(self, ids, mask):
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.norm(self.words(ids) + self.positions(places) + self.types(torch.zeros_like(ids)))
        for layer in self.layers:
            x = layer(x, mask)
        return self.classifier(torch.tanh(self.pooler(x[:, 0])))


def initialize(module):
    if isinstance(module, (nn.Linear, nn.Embedding)):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)


def optimizer_of(model):
    decaying = [parameter for parameter in model.parameters() if parameter.dim() > 1]
    others = [parameter for parameter in model.parameters() if parameter.dim() <= 1]
    groups = [{"params": decaying, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=5e-5, betas=(0.9, 0.999), eps=1e-8)


def measure(shape, device, seconds):
    layers, hidden, heads, length, batch, vocabulary = shape
    torch.manual_seed(0)
    model = Bert(layers, hidden, heads, vocabulary).to(device)
    optimizer = optimizer_of(model)
    ids = torch.randint(1, vocabulary, (batch, length), device=device)
    labels = torch.randint(0, CLASSES, (batch,), device=device)
    # All tokens are real, but a mask is applied, as in ours.
    mask = torch.zeros(batch, 1, 1, length, device=device)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = functional.cross_entropy(model(ids, mask), labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    def finish():
        if device == "cuda":
            torch.cuda.synchronize()

    for _ in range(2):
        step()
    finish()
    times = []
    until = time.perf_counter() + seconds
    while len(times) < LEAST_ROUNDS or (len(times) < MOST_ROUNDS and time.perf_counter() < until):
        began = time.perf_counter()
        step()
        finish()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def main():
    wanted = json.loads(sys.argv[1])
    device = "cuda" if wanted["device"] == "cuda" and torch.cuda.is_available() else "cpu"
    torch.set_num_threads(os.cpu_count() or 1)
    rows = [{"shape": shape, "ms": measure(shape, device, wanted["seconds"])} for shape in wanted["shapes"]]
    name = torch.cuda.get_device_name() if device == "cuda" else device
    print(json.dumps({"version": torch.__version__, "device": name, "threads": torch.get_num_threads(), "rows": rows}))


main()
