import { z } from 'zod';
import { ruleDirectionSchema, ruleProtocolSchema } from './enums.ts';
import {
  descriptionSchema,
  nameSchema,
  orEmpty,
  orNull,
  timeSchema,
  utcTimeSchema,
  uuidSchema,
} from './fields.ts';
import { paginationSchema } from './lists.ts';

const rule = z.object({
  id: z.string(),
  description: orNull(z.string()),
  direction: orNull(z.string()),
  protocol: z.string(),
  /** text in answers, numbers in requests (reference/kakaocloud.md C.6) */
  port_range_min: orNull(z.string()),
  port_range_max: orNull(z.string()),
  remote_ip_prefix: orNull(z.string()),
  remote_group_id: orNull(z.string()),
  remote_group_name: orNull(z.string()),
  created_at: orNull(timeSchema),
  updated_at: orNull(timeSchema),
});

/** A security group. On bare metal it is shown and does not filter (A.3). */
export const securityGroupSchema = z.object({
  id: z.string(),
  name: orNull(z.string()),
  description: orNull(z.string()),
  is_stateful: orNull(z.boolean()),
  tags: orEmpty(z.string()),
  rules: orEmpty(rule),
  project_id: orNull(z.string()),
  project_name: orNull(z.string()),
  created_at: orNull(timeSchema),
  updated_at: orNull(timeSchema),
});
export type SecurityGroup = z.infer<typeof securityGroupSchema>;

export const securityGroupListAnswerSchema = z.object({
  security_groups: orEmpty(securityGroupSchema),
  pagination: paginationSchema,
});

const strictRuleSchema = z.strictObject({
  ...rule.shape,
  id: uuidSchema,
  direction: ruleDirectionSchema,
  protocol: ruleProtocolSchema,
  created_at: utcTimeSchema,
  updated_at: utcTimeSchema,
});
export type StrictRule = z.infer<typeof strictRuleSchema>;

const strictSecurityGroupSchema = z.strictObject({
  ...securityGroupSchema.shape,
  id: uuidSchema,
  name: z.string(),
  tags: z.array(z.string()),
  rules: z.array(strictRuleSchema),
  created_at: utcTimeSchema,
  updated_at: utcTimeSchema,
});
export type StrictSecurityGroup = z.infer<typeof strictSecurityGroupSchema>;

export const strictSecurityGroupAnswerSchema = z.strictObject({ security_group: strictSecurityGroupSchema });
export const strictSecurityGroupListAnswerSchema = z.strictObject({
  security_groups: z.array(strictSecurityGroupSchema),
  pagination: paginationSchema,
});
export const strictRuleAnswerSchema = z.strictObject({ security_group_rule: strictRuleSchema });
/** What attaching to and detaching from an interface answers: the groups that it has then. */
export const strictGroupIdsAnswerSchema = z.strictObject({
  security_group: z.strictObject({ ids: z.array(uuidSchema) }),
});

const name = nameSchema(250);

/** Body of `POST /api/v1/security-groups`; names are unique in a project. */
export const createSecurityGroupSchema = z.object({
  security_group: z.object({ name, description: z.nullable(descriptionSchema).optional() }),
});

/** Body of `PUT /api/v1/security-groups/{id}`; what is left out stays. */
export const updateSecurityGroupSchema = z.object({
  security_group: z.object({
    name: z.nullable(name).optional(),
    description: z.nullable(descriptionSchema).optional(),
  }),
});

const port = z.nullable(z.int().min(1).max(65_535)).optional();

/** Body of `POST …/rules`. */
export const createRuleSchema = z.object({
  security_group_rule: z
    .object({
      direction: ruleDirectionSchema,
      protocol: ruleProtocolSchema,
      port_range_min: port,
      port_range_max: port,
      remote_ip_prefix: z.nullable(z.cidrv4()).optional(),
      remote_group_id: z.nullable(z.string()).optional(),
      description: z.nullable(descriptionSchema).optional(),
    })
    .refine((wanted) => (wanted.port_range_min == null) === (wanted.port_range_max == null), {
      message: 'give both ends of the port range or neither',
      path: ['port_range_max'],
    })
    .refine((wanted) => (wanted.port_range_min ?? 0) <= (wanted.port_range_max ?? 0), {
      message: 'must not be below port_range_min',
      path: ['port_range_max'],
    })
    .refine((wanted) => wanted.remote_ip_prefix == null || wanted.remote_group_id == null, {
      message: 'a rule has one of remote_ip_prefix and remote_group_id',
      path: ['remote_group_id'],
    }),
});
export type CreateRule = z.infer<typeof createRuleSchema>['security_group_rule'];
