type Task = () => Promise<void>;

const tasks = new Set<Task>();

/** What has to be done while there is still a session, by code that the shell does not know. */
export function beforeSignOut(task: Task): void {
  tasks.add(task);
}

/** A task that fails keeps nobody signed in. */
export async function runBeforeSignOut(): Promise<void> {
  await Promise.allSettled([...tasks].map((task) => task()));
}
