interface Task {
  readonly about: string;
  readonly command: readonly string[];
  readonly last?: readonly string[];
  readonly servers?: boolean;
  readonly server?: boolean;
}

export declare const TASKS: Readonly<Record<string, Task>>;
