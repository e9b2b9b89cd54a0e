import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import { type Exportacao, provouAgora } from '../domain/exportacao.ts';
import { ExportacaoNaoEncontradaError } from '../domain/recusa.ts';
import type { ConsultaDeExportacoes, Enderecos } from './ports.ts';

/** Who looks at their export. */
export interface Titular {
  readonly usuarioId: string;
  readonly geracao: number;
  readonly sessaoId: string | undefined;
  readonly autenticadoEm: Date | undefined;
}

/** An export as its owner sees it. */
export interface ExportacaoVista {
  readonly exportacao: Exportacao;
  /** Last segment of the archive's address, and until when it is good. */
  readonly endereco?: { readonly texto: string; readonly expiraEm: Date };
  /** The address is told after a new login only. */
  readonly reautenticar: boolean;
}

interface Deps {
  readonly consulta: Pick<ConsultaDeExportacoes, 'doUsuario' | 'todasDe'>;
  readonly enderecos: Pick<Enderecos, 'novo'>;
  readonly clock: Clock;
}

/** An address is for the download that follows; whoever asks again gets another one. */
export const ENDERECO_VALE_MS = 10 * 60_000;

/** Reads of exports. */
export class ExportsQueries {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async daPessoa(
    id: string,
    titular: Titular,
  ): Promise<Result<ExportacaoVista, ExportacaoNaoEncontradaError>> {
    const { consulta, enderecos, clock } = this.#deps;
    const exportacao = await consulta.doUsuario(id, titular.usuarioId);
    const em = clock.now();
    if (!exportacao || (exportacao.expiraEm && exportacao.expiraEm <= em))
      return Result.fail(new ExportacaoNaoEncontradaError());
    if (exportacao.estado !== 'PRONTA') return Result.ok({ exportacao, reautenticar: false });
    const { geracao, sessaoId } = titular;
    if (sessaoId === undefined || !provouAgora(exportacao, titular, em))
      return Result.ok({ exportacao, reautenticar: true });
    const ate = Math.min(em.getTime() + ENDERECO_VALE_MS, exportacao.expiraEm?.getTime() ?? 0);
    const expiraEm = new Date(ate);
    const texto = enderecos.novo({ exportacaoId: id, geracao, sessaoId }, expiraEm);
    return Result.ok({ exportacao, endereco: { texto, expiraEm }, reautenticar: false });
  }

  async todas(usuarioId: string): Promise<readonly ExportacaoVista[]> {
    const { consulta, clock } = this.#deps;
    const em = clock.now();
    const exportacoes = await consulta.todasDe(usuarioId);
    return exportacoes
      .filter(({ expiraEm }) => !expiraEm || expiraEm > em)
      .map((exportacao) => ({ exportacao, reautenticar: false }));
  }
}
