import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { linear } from "../../src/tfjs/operations/linear.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { valueAndGradients } from "../../src/tfjs/value_and_gradients.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { normalRows } from "../kernels/cases.ts";

let backend: PupilBackend;
beforeAll(async () => {
  backend = await useGpu(await testGpu());
});

function tensorOf(shape: number[], key: string): tf.Tensor {
  return tf.tensor(normalRows(1, shape.reduce((a, b) => a * b, 1), 1, key), shape);
}

/** Values that are used twice, gradients that are passed on as they are, and a part that leads nowhere. */
function loss(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const once = linear(x, weight, bias);
  const twice = tf.add(once, once);
  const reshaped = tf.reshape(tf.add(tf.tanh(twice), x), [-1]);
  tf.square(twice);
  return tf.sum(tf.mul(reshaped, tf.add(reshaped, tf.reshape(once, [-1]))));
}

describe("a value and its gradients", () => {
  it("have the bits of the core's own", async () => {
    const given = [tensorOf([3, 4], "x"), tensorOf([4, 4], "weight"), tensorOf([4], "bias")];
    const run = (...each: tf.Tensor[]) => loss(each[0]!, each[1]!, each[2]!);
    const wanted = tf.valueAndGrads(run as never)(given as never);
    const { value, gradients } = valueAndGradients(() => run(...given), given);
    expect(await value.data()).toEqual(await wanted.value.data());
    for (const [index, gradient] of gradients.entries()) {
      expect(gradient.shape).toEqual(given[index]!.shape);
      expect(await gradient.data()).toEqual(await wanted.grads[index]!.data());
    }
  });

  it("are all that is left, also where a parameter is not used", () => {
    const [x, weight, bias, other] = [tensorOf([3, 4], "x"), tensorOf([4, 4], "w"), tensorOf([4], "b"), tf.zeros([1])];
    const before = tf.memory().numTensors;
    const { value, gradients } = valueAndGradients(() => loss(x, weight, bias), [weight]);
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([value, ...gradients]);
    expect(() => valueAndGradients(() => loss(x, weight, bias), [weight, other])).toThrow(
      "the loss does not depend on parameter 1",
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it("let go of what a long chain keeps while they walk back", async () => {
    const [layers, size] = [24, 2 ** 16];
    const weight = tf.ones([size]);
    // What the chain's middle keeps is not there any more when its beginning is reached.
    let most = 0;
    const counted = tf.customGrad((x) => {
      const gradFunc = (upstream: tf.Tensor) => {
        most = Math.max(most, tf.memory().numTensors);
        return tf.mul(upstream, 1);
      };
      return { value: tf.mul(x as tf.Tensor, 1), gradFunc };
    });
    const chain = () => {
      let x: tf.Tensor = weight;
      for (let layer = 0; layer < layers; layer++) x = tf.tanh(counted(x));
      return tf.sum(x);
    };
    const before = tf.memory().numTensors;
    const { value, gradients } = valueAndGradients(chain, [weight]);
    // A result that is kept for each layer; of gradients a few at a time.
    expect(most - before).toBeLessThan(layers + 12);
    await value.data();
    tf.dispose([value, ...gradients, weight]);
    backend.releaseFreeBuffers();
  });
});
