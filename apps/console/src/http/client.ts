import { apiHeader, idempotency, pollHeader } from '@moru/types';
import axios, { isAxiosError } from 'axios';
import { askForProof } from '../session/key-proof.ts';
import { reportSessionEnd } from '../session/session-end.ts';
import type { Attempt } from './attempt.ts';
import { asksByItself } from './last-input.ts';
import { RequestError } from './request-error.ts';

// the BFF's own answer must arrive first: its slowest route, disconnecting, may take about 40 s
const timeoutMs = 60_000;

const http = axios.create({
  timeout: timeoutMs,
  headers: { [apiHeader.name]: apiHeader.value },
  // the header above guards against forged requests; a token's cookie, which the browser is asked for apart, would hold
  // back every request by a frame
  withXSRFToken: false,
  // several values of one name, as addresses have them
  paramsSerializer: { indexes: null },
});

http.interceptors.response.use(undefined, async (error: unknown) => {
  await readProblem(error);
  const failure = RequestError.from(error);
  if (failure.code === 'session.expired' || failure.code === 'session.required') reportSessionEnd();
  // refused before anything was done, so that what was pressed may go on once the key is proven
  if (failure.code === 'session.proofNeeded' && isAxiosError(error) && error.config) {
    if (await askForProof('irrevocable')) return http.request(error.config);
  }
  throw failure;
});

/** Where a file was asked for, a problem document arrives as one too. */
async function readProblem(error: unknown): Promise<void> {
  if (!isAxiosError(error) || !(error.response?.data instanceof Blob)) return;
  const text = await error.response.data.text();
  try {
    error.response.data = JSON.parse(text);
  } catch {
    // no problem document: told by its status alone
  }
}

/** Like the other methods, throws {@link RequestError} for whatever the network or the BFF has against it. */
export async function get<T>(path: string, params?: object, signal?: AbortSignal): Promise<T> {
  // a forgotten screen goes on reading, and must not keep its session alive
  const headers = asksByItself() ? { [pollHeader.name]: pollHeader.value } : {};
  const answer = await http.get<T>(path, { params, headers, ...(signal ? { signal } : {}) });
  return answer.data;
}

/** The answer byte for byte: text would lose the mark by which spreadsheets know UTF-8. */
export async function getFile(path: string, params: object): Promise<Blob> {
  const answer = await http.get<Blob>(path, { params, responseType: 'blob' });
  return answer.data;
}

export async function post<T>(path: string, body: object, signal?: AbortSignal): Promise<T> {
  const answer = await http.post<T>(path, body, signal ? { signal } : {});
  return answer.data;
}

/** For what would be there twice if it were made twice. */
export async function create<T>(path: string, body: object, attempt: Attempt): Promise<T> {
  const headers = { [idempotency.header]: attempt.keyFor(path, body) };
  try {
    const answer = await http.post<T>(path, body, { headers });
    attempt.ended(null);
    return answer.data;
  } catch (error) {
    attempt.ended(error);
    throw error;
  }
}

export async function put<T>(path: string, body: object): Promise<T> {
  const answer = await http.put<T>(path, body);
  return answer.data;
}

// what browsers take along for a page that is going
const goingBytes = 60_000;

/** Sends something on after the page has gone. Nobody hears the answer; what is too long for that is not sent. */
export function putWhenGoing(path: string, body: object): void {
  const text = JSON.stringify(body);
  if (new Blob([text]).size > goingBytes) return;
  const headers = { [apiHeader.name]: apiHeader.value, 'content-type': 'application/json' };
  void fetch(path, { method: 'PUT', keepalive: true, headers, body: text }).catch(() => {});
}

export async function remove<T>(path: string, body?: object): Promise<T> {
  const answer = await http.delete<T>(path, { data: body });
  return answer.data;
}
