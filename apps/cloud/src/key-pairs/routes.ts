import {
  bcsPaths,
  createKeyPairSchema,
  strictCreatedKeyPairAnswerSchema,
  strictKeyPairAnswerSchema,
  strictKeyPairListAnswerSchema,
} from '@moru/kakaocloud';
import { Router } from 'express';
import { answer, parameter, readBody } from '../http/answer.ts';
import { callerOf } from '../iam/guard.ts';
import type { KeyPairs } from './key-pairs.ts';

/** BCS: the caller's key pairs (reference/kakaocloud.md C.4). */
export function keyPairRoutes(keyPairs: KeyPairs): Router {
  const router = Router({ caseSensitive: true });

  router.get(bcsPaths.keyPairs, (request, response) => {
    answer(response, 200, strictKeyPairListAnswerSchema, keyPairs.list(callerOf(request), request.query));
  });

  router.post(bcsPaths.keyPairs, (request, response) => {
    const { keypair } = readBody(createKeyPairSchema, request);
    const made = keyPairs.create(callerOf(request), keypair);
    answer(response, 201, strictCreatedKeyPairAnswerSchema, { keypair: made });
  });

  router.get(bcsPaths.keyPair(':name'), (request, response) => {
    const keypair = keyPairs.get(callerOf(request), parameter(request, 'name'));
    answer(response, 200, strictKeyPairAnswerSchema, { keypair });
  });

  router.delete(bcsPaths.keyPair(':name'), (request, response) => {
    keyPairs.remove(callerOf(request), parameter(request, 'name'));
    response.status(204).end();
  });

  return router;
}
