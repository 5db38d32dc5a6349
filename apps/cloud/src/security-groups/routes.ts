import {
  createRuleSchema,
  createSecurityGroupSchema,
  networkPaths,
  strictRuleAnswerSchema,
  strictSecurityGroupAnswerSchema,
  strictSecurityGroupListAnswerSchema,
  updateSecurityGroupSchema,
} from '@moru/kakaocloud';
import { Router } from 'express';
import { answer, parameter, readBody } from '../http/answer.ts';
import { allow, callerOf } from '../iam/guard.ts';
import type { SecurityGroupOperations } from './operations.ts';
import type { SecurityGroups } from './security-groups.ts';

/** Network: security groups and their rules (reference/kakaocloud.md C.6). */
export function securityGroupRoutes(groups: SecurityGroups, operations: SecurityGroupOperations): Router {
  const router = Router({ caseSensitive: true });
  const admin = allow('admin');

  router.get(networkPaths.securityGroups, (request, response) => {
    answer(response, 200, strictSecurityGroupListAnswerSchema, groups.list(callerOf(request), request.query));
  });

  router.post(networkPaths.securityGroups, admin, (request, response) => {
    const { name, description } = readBody(createSecurityGroupSchema, request).security_group;
    const id = operations.create(callerOf(request), name, description ?? '');
    answer(response, 201, strictSecurityGroupAnswerSchema, {
      security_group: groups.get(callerOf(request), id),
    });
  });

  router.get(networkPaths.securityGroup(':groupId'), (request, response) => {
    const group = groups.get(callerOf(request), parameter(request, 'groupId'));
    answer(response, 200, strictSecurityGroupAnswerSchema, { security_group: group });
  });

  router.put(networkPaths.securityGroup(':groupId'), admin, (request, response) => {
    const { security_group: change } = readBody(updateSecurityGroupSchema, request);
    const id = parameter(request, 'groupId');
    operations.update(callerOf(request), id, change);
    answer(response, 200, strictSecurityGroupAnswerSchema, {
      security_group: groups.get(callerOf(request), id),
    });
  });

  router.delete(networkPaths.securityGroup(':groupId'), admin, (request, response) => {
    operations.remove(callerOf(request), parameter(request, 'groupId'));
    response.status(204).end();
  });

  router.post(networkPaths.securityGroupRules(':groupId'), admin, (request, response) => {
    const { security_group_rule: wanted } = readBody(createRuleSchema, request);
    const rule = operations.addRule(callerOf(request), parameter(request, 'groupId'), wanted);
    answer(response, 201, strictRuleAnswerSchema, { security_group_rule: rule });
  });

  router.delete(networkPaths.securityGroupRule(':groupId', ':ruleId'), admin, (request, response) => {
    operations.removeRule(callerOf(request), parameter(request, 'groupId'), parameter(request, 'ruleId'));
    response.status(204).end();
  });

  return router;
}
