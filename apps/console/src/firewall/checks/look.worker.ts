import { lookAt, type Question } from './look.ts';

self.onmessage = ({ data }: MessageEvent<Question>) => self.postMessage(lookAt(data));
