import { z } from 'zod';
import { networkInterfaceStatusSchema, publicIpStatusSchema } from './enums.ts';
import { orEmpty, orNull, timeSchema, utcTimeSchema, uuidSchema } from './fields.ts';
import { paginationSchema } from './lists.ts';

/** A Public IP as the writing calls answer it (reference/kakaocloud.md C.5: PIP). `status` is open when read. */
export const publicIpSchema = z.object({
  id: z.string(),
  /** available, in_use, attaching, or what the cloud adds one day */
  status: z.string(),
  description: orNull(z.string()),
  project_id: orNull(z.string()),
  /** the address itself */
  public_ip: z.string(),
  private_ip: orNull(z.string()),
  created_at: timeSchema,
  updated_at: timeSchema,
});
export type PublicIp = z.infer<typeof publicIpSchema>;

/** The network interface that a Public IP is attached to, or is being attached to. */
export const relatedResourceSchema = z.object({
  /** of the network interface */
  id: z.string(),
  name: orNull(z.string()),
  status: orNull(z.string()),
  type: orNull(z.string()),
  /** `compute:…` for an instance, `network:f5listener` for a load balancer */
  device_owner: orNull(z.string()),
  /** of the instance */
  device_id: orNull(z.string()),
  subnet_id: orNull(z.string()),
  subnet_name: orNull(z.string()),
  subnet_cidr: orNull(z.string()),
  vpc_id: orNull(z.string()),
  vpc_name: orNull(z.string()),
});
export type RelatedResource = z.infer<typeof relatedResourceSchema>;

/** A Public IP with where it is attached, as the Network service lists it (C.6: PIPfull). */
export const publicIpDetailSchema = publicIpSchema.extend({
  /** null while idle */
  related_resource: orNull(relatedResourceSchema),
});
export type PublicIpDetail = z.infer<typeof publicIpDetailSchema>;

export const publicIpAnswerSchema = z.object({ public_ip: publicIpSchema });
export const publicIpDetailAnswerSchema = z.object({ public_ip: publicIpDetailSchema });
export const publicIpListAnswerSchema = z.object({
  public_ips: orEmpty(publicIpDetailSchema),
  pagination: paginationSchema,
});

const strictFields = {
  ...publicIpSchema.shape,
  id: uuidSchema,
  status: publicIpStatusSchema,
  description: z.string(),
  project_id: z.string(),
  public_ip: z.ipv4(),
  private_ip: z.nullable(z.ipv4()),
  created_at: utcTimeSchema,
  updated_at: utcTimeSchema,
};

export const strictPublicIpSchema = z.strictObject(strictFields);
export type StrictPublicIp = z.infer<typeof strictPublicIpSchema>;

export const strictPublicIpDetailSchema = z.strictObject({
  ...strictFields,
  related_resource: z.nullable(
    z.strictObject({
      ...relatedResourceSchema.shape,
      id: uuidSchema,
      status: networkInterfaceStatusSchema,
      device_id: uuidSchema,
    }),
  ),
});
export type StrictPublicIpDetail = z.infer<typeof strictPublicIpDetailSchema>;

export const strictPublicIpAnswerSchema = z.strictObject({ public_ip: strictPublicIpSchema });
export const strictPublicIpDetailAnswerSchema = z.strictObject({ public_ip: strictPublicIpDetailSchema });
export const strictPublicIpListAnswerSchema = z.strictObject({
  public_ips: z.array(strictPublicIpDetailSchema),
  pagination: paginationSchema,
});

// Printable text on one line: the console and the log show it as it is.
const description = z
  .string()
  .max(100)
  .regex(/^\P{Cc}*$/u);

/** Body of `POST /api/v1/public-ips`; the address itself is the platform's choice (reference/kakaocloud.md A.6). */
export const createPublicIpSchema = z.object({
  public_ip: z.object({ description: description.optional() }),
});
export type CreatePublicIp = z.infer<typeof createPublicIpSchema>;

/** Body of `PUT /api/v1/public-ips/{id}`. */
export const updatePublicIpSchema = z.object({ public_ip: z.object({ description }) });
export type UpdatePublicIp = z.infer<typeof updatePublicIpSchema>;
