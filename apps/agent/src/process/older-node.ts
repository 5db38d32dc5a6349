/**
 * What Node 18 lacks of what the code may use. tsconfig.json keeps the rest of newer JavaScript out: its `lib` is
 * ES2022 and the arrays of ES2023. To be imported before anything else.
 */
import { webcrypto } from 'node:crypto';

type Compare = (a: unknown, b: unknown) => number;

/** Of arrays and of typed arrays, as ECMA-262 has them since 2023. */
const copying = {
  toReversed(this: unknown[]) {
    return this.slice().reverse();
  },
  toSorted(this: unknown[], compare?: Compare) {
    return this.slice().sort(compare);
  },
  with(this: unknown[], index: number, value: unknown) {
    const relative = Math.trunc(index) || 0;
    const at = relative < 0 ? this.length + relative : relative;
    if (at < 0 || at >= this.length) throw new RangeError(`no element ${index}`);
    const copy = this.slice();
    copy[at] = value;
    return copy;
  },
};

const ofArrays = {
  ...copying,
  toSpliced(this: unknown[], ...change: [start: number, count: number, ...items: unknown[]]) {
    const copy = this.slice();
    copy.splice(...change);
    return copy;
  },
};

function addMissing(target: object, methods: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(methods)) {
    if (!(name in target))
      Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
  }
}

addMissing(Array.prototype, ofArrays);
addMissing(Object.getPrototypeOf(Uint8Array.prototype), copying);
// a global since Node 19
addMissing(globalThis, { crypto: webcrypto });
