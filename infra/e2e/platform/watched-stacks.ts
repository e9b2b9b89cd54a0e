import type { StackSecrets } from '@plataforma/dev/stack/secrets';

/** The stacks that a process has to do with, by the folders of their data: their secrets must not stand in their logs. */
export const watchedStacks = new Map<string, StackSecrets>();
