import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/**
 * JSON lines on stdout. Nothing that carries a secret is logged on purpose; the paths below are the second line of
 * defence, for the day when somebody logs a whole request or error (reference/security.md T11).
 */
export function createLogger(destination?: DestinationStream): Logger {
  const options = {
    base: { service: 'bff' },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'token',
        'secret',
        'cookie',
        '*.token',
        '*.secret',
        '*.cookie',
        '*.headers',
        '*.config',
        '*.request',
        '*.response',
      ],
      censor: '[redacted]',
    },
    serializers: { error: pino.stdSerializers.err },
  };
  return destination ? pino(options, destination) : pino(options);
}
