import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Transacao } from './ports.ts';

/** An administrator was shown data of somebody else by another service. */
export interface ConsultaEmServico {
  /** Where it was heard, and as what message: the same one is recorded once. */
  readonly consumidor: string;
  readonly mensagemId: string;
  readonly autorId: string;
  /** Undefined where it was a list of several people. */
  readonly usuarioId: string | undefined;
  readonly rpc: string;
  readonly endereco: string;
  readonly requisicao: string;
  readonly em: Date;
}

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'runOnce'>;
}

/** Keeps what the other services tell of looks at data, beside what auth has seen itself. */
export class RegistrarConsultaHandler {
  readonly #uow: Deps['uow'];

  constructor({ uow }: Deps) {
    this.#uow = uow;
  }

  async execute({ consumidor, mensagemId, ...consulta }: ConsultaEmServico): Promise<void> {
    const { autorId, usuarioId, rpc: detalhe, endereco, requisicao, em } = consulta;
    await this.#uow.runOnce(consumidor, mensagemId, ({ auditoria }) =>
      auditoria.registrar({
        ...{ tipo: 'DADOS_CONSULTADOS', resultado: 'FEITO', autorId, usuarioId, detalhe, em },
        origem: { endereco, dispositivo: '', requisicao },
      }),
    );
  }
}
