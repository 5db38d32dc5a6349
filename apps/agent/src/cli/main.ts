import '../process/older-node.ts';
import { runCommand } from './program.ts';

/** `moru-agent COMMAND`: the whole program, bundled into one file for hosts (packaging/bundle.ts). */
const { text, exitCode } = await runCommand(process.argv.slice(2), process.env);
if (text !== '') (exitCode === 0 ? process.stdout : process.stderr).write(`${text}\n`);
if (exitCode !== null) process.exitCode = exitCode;
