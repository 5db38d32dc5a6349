import { z } from 'zod';

/** Failure of BCS, Network and VPC. Their SDK reports a decode failure when code or message is missing. */
export const apiErrorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
});
export type ApiError = z.infer<typeof apiErrorSchema>;

/** Failure of IAM, in Keystone's form. */
export const keystoneErrorSchema = z.object({
  error: z.object({ code: z.int(), message: z.string(), title: z.string() }),
});
export type KeystoneError = z.infer<typeof keystoneErrorSchema>;

/**
 * Codes that the embedded cloud puts into `error.code`. KakaoCloud's own are not documented
 * (reference/kakaocloud.md C.3), so a client goes by the HTTP status and shows the message.
 */
export const apiErrorCodes = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  413: 'PayloadTooLarge',
  415: 'UnsupportedMediaType',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
} as const;
export type ApiErrorStatus = keyof typeof apiErrorCodes;

/** The upstream's own words out of a failure of either form, or null when the body is neither. */
export function errorMessage(body: unknown): string | null {
  const parsed = z.union([apiErrorSchema, keystoneErrorSchema]).safeParse(body);
  return parsed.success ? parsed.data.error.message : null;
}
