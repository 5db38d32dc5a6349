import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { asksByItself, watchInput } from './last-input.ts';

const page = new EventTarget();

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  watchInput(page);
});

beforeEach(() => {
  page.dispatchEvent(new Event('pointerdown'));
});

afterAll(() => {
  vi.useRealTimers();
});

function pass(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1_000);
}

test('what is read right after somebody did something is wanted', () => {
  pass(1);
  expect(asksByItself()).toBe(false);
});

test('the shortest calm interval of a page that nobody touches reads by itself', () => {
  pass(5);
  expect(asksByItself()).toBe(true);
});

test.each(['pointerdown', 'pointermove', 'keydown', 'click', 'input', 'popstate'])(
  '%s: a person is back',
  (type) => {
    pass(3_600);
    expect(asksByItself()).toBe(true);
    page.dispatchEvent(new Event(type));
    expect(asksByItself()).toBe(false);
  },
);

test('a window that comes to the front is no input', () => {
  pass(5);
  page.dispatchEvent(new Event('visibilitychange'));
  page.dispatchEvent(new Event('focus'));
  expect(asksByItself()).toBe(true);
});
