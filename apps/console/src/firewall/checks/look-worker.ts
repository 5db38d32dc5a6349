import { trustedUrl } from '../../shell/trusted-url.ts';
import type { Look, Question } from './look.ts';
import workerUrl from './look.worker.ts?worker&url';

interface Asked {
  question: Question;
  onLook: (look: Look) => void;
}

let worker: Worker | null = null;
let atWork: Asked | null = null;
let waiting: Asked | null = null;

function next(): void {
  if (atWork || !waiting) return;
  worker ??= start();
  atWork = waiting;
  waiting = null;
  worker.postMessage(atWork.question);
}

function start(): Worker {
  // the DOM's types do not know Trusted Types yet
  const made = new Worker(trustedUrl(workerUrl) as string, { type: 'module' });
  made.onmessage = ({ data }: MessageEvent<Look>) => {
    const asked = atWork;
    atWork = null;
    asked?.onLook(data);
    next();
  };
  return made;
}

/** One question at a time; of those that come meanwhile only the last one is asked. Answers a way to take it back. */
export function askForLook(question: Question, onLook: (look: Look) => void): () => void {
  let wanted = true;
  const asked = { question, onLook: (look: Look) => wanted && onLook(look) };
  waiting = asked;
  next();
  return () => {
    wanted = false;
    if (waiting === asked) waiting = null;
  };
}
