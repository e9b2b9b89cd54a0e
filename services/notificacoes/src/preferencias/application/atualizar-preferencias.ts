import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { comEscolhasGerais, type EscolhasGerais, type Preferencias } from '../domain/preferencias.ts';
import { SmsRecusadoError, TelefoneAusenteError, TelefoneInvalidoError } from '../domain/recusa.ts';
import { ligaOndeRecusam } from '../domain/sms-recusado.ts';
import { mudar } from './mudar.ts';
import type { Numeracao, TransacaoComNumeros } from './ports.ts';

export interface AtualizarPreferenciasCommand {
  readonly clienteId: string;
  /** All of them: what was is replaced. */
  readonly preferencias: EscolhasGerais;
}

interface Deps {
  readonly clock: Clock;
  readonly numeracao: Numeracao;
  readonly uow: Pick<UnitOfWork<TransacaoComNumeros>, 'run'>;
}

type Recusa = SmsRecusadoError | TelefoneAusenteError | TelefoneInvalidoError;

/** A person says by which channels they want to be told. It counts from the next message that is sent. */
export class AtualizarPreferenciasHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    clienteId,
    preferencias: novas,
  }: AtualizarPreferenciasCommand): Promise<Result<void, Recusa>> {
    if (novas.sms && novas.telefone === '') return Result.fail(new TelefoneAusenteError());
    const { clock, uow } = this.#deps;
    const fato = { por: 'PESSOA', em: clock.now() } as const;
    return uow.run(async (tx) => {
      await tx.claimKey(clienteId);
      const provado = await tx.telefones.provado(clienteId);
      return mudar<Result<void, Recusa>>(tx, clienteId, fato, (antes) => {
        if (!this.#serve(novas.telefone, antes))
          return { resposta: Result.fail(new TelefoneInvalidoError()) };
        const depois = comEscolhasGerais(antes, novas);
        if (ligaOndeRecusam(antes, depois, provado)) return { resposta: Result.fail(new SmsRecusadoError()) };
        return { depois, resposta: Result.ok(undefined) };
      });
    });
  }

  /** A number that is there already stands in the way of no other choice, whatever was written to when it came. */
  #serve(telefone: string, { telefone: antes }: Preferencias): boolean {
    return telefone === '' || telefone === antes || this.#deps.numeracao.aceita(telefone);
  }
}
