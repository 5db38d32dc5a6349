import { problemOf } from '@moru/types';
import { AxiosError, AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { expect, test } from 'vitest';
import { RequestError } from './request-error.ts';

function failure(method: string, response?: Pick<AxiosResponse, 'status' | 'data'>): AxiosError {
  const config: InternalAxiosRequestConfig = { method, headers: new AxiosHeaders() };
  const answer = response && { ...response, statusText: '', headers: {}, config };
  return new AxiosError('failed', undefined, config, undefined, answer);
}

test('a problem document gives its code, fields and request id', () => {
  const fields = [{ field: 'rule.source', code: 'address.invalid' }];
  const data = problemOf('rule.invalid', { fields, requestId: 'req-1', upstream: 'iptables says no' });
  expect(RequestError.from(failure('post', { status: 400, data }))).toMatchObject({
    code: 'rule.invalid',
    fields,
    requestId: 'req-1',
    upstream: 'iptables says no',
  });
});

test('an answer that is no problem document is told by its status', () => {
  const error = RequestError.from(failure('get', { status: 502, data: '<html>' }));
  expect(error).toMatchObject({ code: 'internal', upstream: 'HTTP 502', fields: [] });
});

test('a code that this console does not know is not shown without words', () => {
  const error = RequestError.from(failure('get', { status: 418, data: { code: 'tea.pot' } }));
  expect(error.code).toBe('internal');
});

test('no answer to a read is the network; to a change the outcome is open', () => {
  expect(RequestError.from(failure('get')).code).toBe('network');
  expect(RequestError.from(failure('post')).code).toBe('outcome.unknown');
  expect(RequestError.from(failure('delete')).code).toBe('outcome.unknown');
});
