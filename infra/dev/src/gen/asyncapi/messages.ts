import type { DescMessage, FileRegistry } from '@bufbuild/protobuf';

/** A message of the streams. */
export interface StreamMessage {
  /** Its full name, which is its subject. */
  readonly type: string;
  readonly message: DescMessage;
  /** The service that publishes it. */
  readonly publisher: string;
  /** Whether it asks for something; else it tells of something. */
  readonly command: boolean;
}

const FILES = /^([a-z]+)\/v1\/(eventos|comandos)\.proto$/;

/** Everything that the streams carry: the messages of `eventos.proto` and `comandos.proto` that no other one is made of. */
export function streamMessages(registry: FileRegistry): StreamMessage[] {
  const messages: StreamMessage[] = [];
  for (const file of registry.files) {
    const found = FILES.exec(`${file.name}.proto`);
    if (!found) continue;
    const parts = new Set(file.messages.flatMap(({ fields }) => fields.map((field) => field.message)));
    const [, publisher = '', kind] = found;
    for (const message of file.messages)
      if (!parts.has(message))
        messages.push({ type: message.typeName, message, publisher, command: kind === 'comandos' });
  }
  return messages.sort((a, b) => (a.type < b.type ? -1 : 1));
}
