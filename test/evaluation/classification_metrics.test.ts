import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { classificationMetrics } from "../../src/evaluation/classification_metrics.ts";
import { confusionMatrix } from "../../src/evaluation/confusion_matrix.ts";
import { evaluateClassification } from "../../src/evaluation/evaluate_classification.ts";

const labels = ["a", "b", "c", "d"];

/** Gold a a a b b c against predicted a a b b c a: TP a 2, b 1, c 0; FP a 1, b 1, c 1; FN a 1, b 1, c 1. */
const gold = ["a", "a", "a", "b", "b", "c"];
const predicted = ["a", "a", "b", "b", "c", "a"];

const metric = (name: string, gold: string[], predicted: string[], among = labels) =>
  classificationMetrics.get(name).compute(gold, predicted, among);

describe("classification metrics, worked by hand", () => {
  it("accuracy is the share that is right", () => expect(metric("accuracy", gold, predicted)).toBe(3 / 6));

  it("macro-F1 is the mean over classes that occur or are predicted", () => {
    // F1: a 4/6, b 2/4, c 0/2; d neither occurs nor is predicted.
    expect(metric("macro_f1", gold, predicted)).toBeCloseTo((4 / 6 + 2 / 4 + 0) / 3, 15);
  });

  it("micro-F1 is F1 of the summed counts", () => expect(metric("micro_f1", gold, predicted)).toBe(6 / 12));

  it("a class that is predicted but never occurs counts as 0", () => {
    expect(metric("macro_f1", ["a", "a"], ["a", "d"])).toBeCloseTo((2 / 3 + 0) / 2, 15);
  });

  it("a class that occurs but is never predicted counts as 0", () => {
    expect(metric("macro_f1", ["a", "b"], ["a", "a"])).toBeCloseTo((2 / 3 + 0) / 2, 15);
  });

  it("precision, recall, F1 and support of each class", () => {
    const { perClass } = evaluateClassification(gold, predicted, labels);
    expect(perClass["a"]).toEqual({ precision: 2 / 3, recall: 2 / 3, f1: 4 / 6, support: 3 });
    expect(perClass["b"]).toEqual({ precision: 1 / 2, recall: 1 / 2, f1: 1 / 2, support: 2 });
    expect(perClass["c"]).toEqual({ precision: 0, recall: 0, f1: 0, support: 1 });
    expect(perClass["d"]).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
  });

  it("the confusion matrix has gold in rows", () => {
    expect(confusionMatrix(gold, predicted, labels)).toEqual([
      [2, 1, 0, 0],
      [0, 1, 1, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  it("labels that look like numbers or like members of objects stay themselves", () => {
    const odd = ["10", "9", "__proto__", "constructor"];
    const { perClass } = evaluateClassification(odd, odd, odd);
    expect(new Set(Object.keys(perClass))).toEqual(new Set(odd));
    expect(Object.entries(perClass).map(([, score]) => score.support)).toEqual([1, 1, 1, 1]);
  });
});

describe("classification metrics refuse", () => {
  it.each([
    [["a"], [], /1 gold labels but 0 predictions/],
    [[], [], /no examples/],
    [["A"], ["a"], /example 1: unknown gold label 'A'.*Did you mean a\?/],
    [["a", "b"], ["a", "nonsense"], /example 2: unknown predicted label 'nonsense'.*There are: a, b, c, d/],
  ])("%j against %j", (gold, predicted, message) => {
    for (const { compute } of classificationMetrics.entries()) {
      expect(() => compute(gold, predicted, labels)).toThrow(InputError);
      expect(() => compute(gold, predicted, labels)).toThrow(message);
    }
  });
});

const pairs = fc.array(fc.tuple(fc.constantFrom(...labels), fc.constantFrom(...labels)), {
  minLength: 1,
  maxLength: 60,
});

describe("classification metrics, whatever the predictions", () => {
  const evaluate = (pairs: [string, string][], among = labels) =>
    evaluateClassification(pairs.map(([gold]) => gold), pairs.map(([, predicted]) => predicted), among);

  it("lie in [0, 1], and are 1 exactly where all is right", () => {
    fc.assert(fc.property(pairs, (pairs) => {
      const right = pairs.every(([gold, predicted]) => gold === predicted);
      for (const value of Object.values(evaluate(pairs).metrics)) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(value === 1).toBe(right);
      }
    }));
  });

  it("micro-F1 equals accuracy", () => {
    fc.assert(fc.property(pairs, (pairs) => {
      const { metrics } = evaluate(pairs);
      expect(metrics["micro_f1"]).toBeCloseTo(metrics["accuracy"]!, 14);
    }));
  });

  it("do not depend on the order of examples, the order of labels, or labels that nobody uses", () => {
    fc.assert(fc.property(pairs, (pairs) => {
      const { metrics } = evaluate(pairs);
      const same = evaluate(pairs.toReversed(), [...labels.toReversed(), "unused"]).metrics;
      for (const [name, value] of Object.entries(metrics)) expect(same[name]).toBeCloseTo(value, 14);
    }));
  });

  it("the confusion matrix holds every example once: rows sum to support, the diagonal to what is right", () => {
    fc.assert(fc.property(pairs, (pairs) => {
      const { confusion, perClass, metrics, n } = evaluate(pairs);
      const rows = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
      expect(rows).toEqual(labels.map((label) => perClass[label]!.support));
      expect(rows.reduce((sum, count) => sum + count, 0)).toBe(n);
      const diagonal = confusion.reduce((sum, row, index) => sum + row[index]!, 0);
      expect(diagonal / n).toBeCloseTo(metrics["accuracy"]!, 14);
    }));
  });
});
