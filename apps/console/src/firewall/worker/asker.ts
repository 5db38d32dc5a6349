import { trustedUrl } from '../../shell/trusted-url.ts';
import workerUrl from './firewall.worker.ts?worker&url';
import type { Answers, Questions } from './questions.ts';

/** Asks; answers a way to take the question back. */
export type Ask<Kind extends keyof Questions> = (
  question: Questions[Kind],
  onAnswer: (answer: Answers[Kind]) => void,
) => () => void;

/**
 * A worker for one kind of question, so that a long answer of one kind does not keep the others waiting. One question
 * at a time; of those that come meanwhile only the last one is asked.
 */
export function createAsker<Kind extends keyof Questions>(kind: Kind): Ask<Kind> {
  interface Asked {
    question: Questions[Kind];
    onAnswer: (answer: Answers[Kind]) => void;
  }
  let worker: Worker | null = null;
  let atWork: Asked | null = null;
  let waiting: Asked | null = null;

  const next = () => {
    if (atWork || !waiting) return;
    worker ??= start();
    atWork = waiting;
    waiting = null;
    worker.postMessage({ kind, question: atWork.question });
  };
  const start = (): Worker => {
    // the DOM's types do not know Trusted Types yet
    const made = new Worker(trustedUrl(workerUrl) as string, { type: 'module' });
    made.onmessage = ({ data }: MessageEvent<Answers[Kind]>) => {
      const asked = atWork;
      atWork = null;
      asked?.onAnswer(data);
      next();
    };
    return made;
  };

  return (question, onAnswer) => {
    let wanted = true;
    const asked = { question, onAnswer: (answer: Answers[Kind]) => wanted && onAnswer(answer) };
    waiting = asked;
    next();
    return () => {
      wanted = false;
      if (waiting === asked) waiting = null;
    };
  };
}
