import { expect, test } from 'vitest';
import { answerProof, askForProof } from './key-proof.ts';

test('requests that wait for the same proof get one answer, and the next one is asked anew', async () => {
  const waiting = [askForProof('irrevocable'), askForProof('irrevocable')];
  answerProof(true);
  expect(await Promise.all(waiting)).toEqual([true, true]);
  const later = askForProof('ending');
  answerProof(false);
  expect(await later).toBe(false);
});
