import { apiHeader } from '@moru/types';
import axios from 'axios';
import { reportSessionEnd } from '../session/session-end.ts';
import { RequestError } from './request-error.ts';

// longer than the BFF waits for the cloud or an agent, so that its own answer arrives first
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

/** Every method throws {@link RequestError} and nothing else. */
export async function get<T>(path: string, params?: object, signal?: AbortSignal): Promise<T> {
  const answer = await http.get<T>(path, { params, ...(signal ? { signal } : {}) });
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
