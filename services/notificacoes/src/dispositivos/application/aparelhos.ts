import type { Aparelho } from '../../canais/domain/push.ts';

/** A device as messages go to it. */
export interface AparelhoDaPessoa {
  readonly id: string;
  /** What is noted of a device is noted of this registration of it. */
  readonly versao: number;
  readonly aparelho: Aparelho;
}

/** What became of a message at the devices of a person. */
export interface Visto {
  readonly tomaram: readonly AparelhoDaPessoa[];
  /** Nothing will ever reach them. */
  readonly perdidos: readonly AparelhoDaPessoa[];
  readonly em: Date;
}

/** Where push messages to people go. */
export interface Aparelhos {
  /** At most ten. Those whose session must have ended by now are forgotten. */
  doCliente(clienteId: string, agora: Date): Promise<AparelhoDaPessoa[]>;
  /** Notes the last success of some, and ends others. Of one that was registered again meanwhile, nothing. */
  anotar(visto: Visto): Promise<void>;
}
