import { expect, test } from 'vitest';
import { portWords } from './ports.ts';

test('ports of one protocol stand together', () => {
  expect(portWords(['tcp/22', 'tcp/80', 'tcp/443'])).toBe('tcp/22, 80, 443');
  expect(portWords(['tcp/22', 'udp/53', 'udp/123', 'tcp/80'])).toBe('tcp/22, udp/53, 123, tcp/80');
  expect(portWords(['udp/5000:5010'])).toBe('udp/5000:5010');
  expect(portWords([])).toBe('');
});

test('what does not fit is cut and marked', () => {
  expect(portWords(['tcp/1', 'tcp/2', 'tcp/3'], 2)).toBe('tcp/1, 2 …');
  expect(portWords(['tcp/1', 'tcp/2'], 2)).toBe('tcp/1, 2');
});
