import { expect, test } from 'vitest';
import { createFrameReader } from './frames.ts';

const text = [
  'retry: 800\n\n',
  'id: 41\nevent: hello\ndata: {"kind":"hello","resumed":false}\n\n',
  ': \n\n',
  'id: 42\nevent: instance\ndata: {"kind":"instance"}\n\n',
].join('');

test('however it is cut into pieces, the same frames come out, and heartbeats are none', () => {
  const whole = createFrameReader()(text);
  expect(whole.map(({ id, event, retry }) => [id, event, retry])).toEqual([
    [null, 'message', 800],
    ['41', 'hello', null],
    ['42', 'instance', null],
  ]);
  for (let size = 1; size < 20; size += 1) {
    const read = createFrameReader();
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    expect(pieces.flatMap(read)).toEqual(whole);
  }
});

test('what has not ended is not told yet, and does not grow for ever', () => {
  const read = createFrameReader(100);
  expect(read('event: instance\ndata: {')).toEqual([]);
  expect(read('}\n\n')).toHaveLength(1);
  expect(() => read('x'.repeat(101))).toThrow(RangeError);
});
