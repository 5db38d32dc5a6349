import { config } from 'zod';

// zod compiles schemas with `new Function` where it may: the CSP forbids it, and trying is reported as a violation
config({ jitless: true });
