import { apiHeader, pollHeader } from '@moru/types';
import axios from 'axios';
import { reportSessionEnd } from '../session/session-end.ts';
import { asksByItself } from './last-input.ts';
import { RequestError } from './request-error.ts';

// the BFF's own answer must arrive first: its slowest route, disconnecting, may take about 40 s
const timeoutMs = 60_000;

const http = axios.create({
  timeout: timeoutMs,
  headers: { [apiHeader.name]: apiHeader.value },
});

http.interceptors.response.use(undefined, (error: unknown) => {
  const failure = RequestError.from(error);
  if (failure.code === 'session.expired' || failure.code === 'session.required') reportSessionEnd();
  throw failure;
});

/** Like the other methods, throws {@link RequestError} for whatever the network or the BFF has against it. */
export async function get<T>(path: string, params?: object, signal?: AbortSignal): Promise<T> {
  // a forgotten screen goes on reading, and must not keep its session alive
  const headers = asksByItself() ? { [pollHeader.name]: pollHeader.value } : {};
  const answer = await http.get<T>(path, { params, headers, ...(signal ? { signal } : {}) });
  return answer.data;
}

export async function post<T>(path: string, body: object): Promise<T> {
  const answer = await http.post<T>(path, body);
  return answer.data;
}

export async function remove<T>(path: string, body?: object): Promise<T> {
  const answer = await http.delete<T>(path, { data: body });
  return answer.data;
}
