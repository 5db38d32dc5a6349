import { isIP } from 'node:net';
import { z } from 'zod';
import manifest from '../package.json' with { type: 'json' };

const baseUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
const path = z.string().startsWith('/', 'must be an absolute path');

const tcpAddress = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'must be host:port')
  .transform((text) => {
    const split = text.lastIndexOf(':');
    return { host: text.slice(0, split).replace(/^\[|\]$/g, ''), port: Number(text.slice(split + 1)) };
  })
  .refine(({ port }) => port <= 65_535, 'port must be at most 65535');

/**
 * The process environment by its own names; main.ts prints every problem of it at once, and docs/configuration.md is
 * made of it.
 */
export const environmentSchema = z.object({
  MORU_BFF_SOCKET: path.optional().describe('unix socket to listen on; this or `MORU_BFF_LISTEN`'),
  MORU_BFF_LISTEN: tcpAddress.optional().describe('address to listen on, `host:port`'),
  MORU_METRICS_LISTEN: tcpAddress
    .optional()
    .describe('where Prometheus reads `/metrics`, on a listener of its own; without it nobody can'),
  MORU_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => new URL(url))
    .describe('where browsers reach the console; requests with another Host or Origin are refused'),
  MORU_INSTALLATION_ID: z
    .string()
    .regex(/^[a-z0-9]{1,16}$/, 'must be 1 to 16 of a-z and 0-9')
    .describe(
      'part of the cookie’s name: cookies ignore ports, so two installations on one machine need two names',
    ),
  MORU_INSTALLATION_NAME: z.string().max(64).default('Moru').describe('shown on the sign-in page'),
  MORU_VERSION: z
    .string()
    .max(32)
    .default(manifest.version)
    .describe('shown to visitors; the release’s, where the installation knows it'),
  MORU_DATA: path.optional().describe('folder of the SQLite store; this or `DATABASE_URL`'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, hostname: /^.*$/ })
    .optional()
    .describe('a PostgreSQL that several replicas share'),
  MORU_IAM_URL: baseUrl.describe('base URL of the cloud’s IAM'),
  MORU_BCS_URL: baseUrl
    .optional()
    .describe('base URL of the cloud’s compute service (BCS); needed without `MORU_CONFIG_URL`'),
  MORU_NETWORK_URL: baseUrl
    .optional()
    .describe('base URL of the cloud’s network service; needed without `MORU_CONFIG_URL`'),
  MORU_VPC_URL: baseUrl
    .optional()
    .describe('base URL of the cloud’s VPC service; needed without `MORU_CONFIG_URL`'),
  MORU_IMAGE_URL: baseUrl
    .optional()
    .describe(
      'base URL of the cloud’s images; by default where BCS is, its own name at the beginning replaced',
    ),
  MORU_CONFIG_URL: baseUrl
    .optional()
    .describe(
      'base URL of the cloud’s Config service, which is asked for those that are not set once somebody has signed in',
    ),
  MORU_REGION: z.string().default('kr-central-2').describe('shown in the console'),
  MORU_PUBLIC_IP_PRICE: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,6})? [A-Z]{3}$/, 'must be an amount and a currency: `4.2 KRW`')
    .transform((text) => {
      const [amount = '', currency = ''] = text.split(' ');
      return { perHour: Number(amount), currency };
    })
    .optional()
    .describe('what a Public IP costs an hour: `4.2 KRW`; without it no amounts are shown'),
  MORU_CLOUD_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(60_000)
    .default(10_000)
    .describe('milliseconds for one call to the cloud, retries included'),
  MORU_ACCOUNTS: path
    .optional()
    .describe('file of seeded accounts, for the embedded cloud behind a unix socket or loopback only'),
  MORU_HOSTS: z
    .enum(['namespaces', 'machines', 'simulated', 'real'])
    .default('real')
    .describe('what stands behind instances'),
  MORU_HOSTS_REASON: z.string().max(300).optional().describe('why hosts are simulated, shown in the console'),
  MORU_AGENT_SOCKET: path.optional().describe('unix socket of all simulated hosts'),
  MORU_CONSOLE_ADDRESSES: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((each) => each.trim() || []))
    .refine((list) => list.every((each) => isIP(each) > 0), 'must be addresses with commas between')
    .describe('addresses of further replicas, from which hosts are reached as well, with commas between'),
  MORU_ENROLMENT_LISTEN: tcpAddress
    .optional()
    .describe('where hosts enrol and check in, on a listener of its own; without it none can'),
  MORU_ENROLMENT_URL: z
    .url({ protocol: /^https$/ })
    .transform((url) => new URL(url).origin)
    .optional()
    .describe('the same as hosts reach it: `https://HOST:PORT`'),
  MORU_ENROLMENT_AUTOMATIC: z
    .enum(['0', '1'])
    .default('0')
    .describe('1: whoever makes a join token may say that it approves by itself, as first boot needs it'),
  MORU_CERTIFICATE_DAYS: z.coerce
    .number()
    .min(0.0001)
    .max(398)
    .default(90)
    .describe('life of a host’s certificate; two thirds of it go by before it is renewed'),
  MORU_CHECK_IN_SECONDS: z.coerce
    .number()
    .min(0.1)
    .max(86_400)
    .default(900)
    .describe('seconds between two check-ins of a host'),
  MORU_AGENT_INSTALL_COMMAND: z
    .string()
    .max(500)
    .optional()
    .describe('what to run on a host before it enrols'),
  MORU_CONSOLE_DIST: path
    .optional()
    .describe('folder of the built console; without it the API alone is served'),
  MORU_SECRET_KEY_FILE: path.describe(
    'file with 32 bytes as hex, by which tokens and keys are sealed in the store',
  ),
  MORU_AUDIT_ANCHORS: path
    .optional()
    .describe(
      'a file on another disk or machine, to which the signed head of the audit log is added each minute',
    ),
  MORU_AUDIT_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe('how long audit records stay; for good where it is not set'),
});
