import { Result } from '@plataforma/domain/result';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { Avisos } from '../../avisos/application/ports.ts';
import type { TipoAviso } from '../../avisos/domain/aviso.ts';
import { lerCodigo } from '../domain/codigo.ts';
import type { Totp } from '../domain/fator.ts';
import { MfaCodigoInvalidoError, MfaCodigoNecessarioError } from '../domain/recusa.ts';
import { vigiadoDesde } from '../domain/so-senha.ts';
import type {
  CodigosDeRecuperacao,
  FatoresRepository,
  MetodoDoFator,
  OutrosFatores,
  Prova,
  ProvaRecusada,
  SegundoFator,
} from './ports.ts';

interface Deps {
  readonly fatores: FatoresRepository;
  readonly outros: OutrosFatores;
  readonly avisos: Avisos;
  readonly auditoria: Auditoria;
  readonly codigos: CodigosDeRecuperacao;
  readonly totp: Totp;
}

/**
 * A code of the app, or in its place a recovery code or what a passkey was proved with. Recovery codes cannot be guessed: they are heard while codes of
 * the app have to wait, so that whoever guesses those keeps the owner out of nothing.
 */
export class ProvarFator implements SegundoFator {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async provar(prova: Prova): Promise<Result<MetodoDoFator | undefined, ProvaRecusada>> {
    const provado = await this.#provar(prova);
    // Without a code nothing was tried: clients learn that way that one is needed.
    if (provado.isFailure && prova.codigo !== '') {
      const { usuarioId, origem, em, recusa } = prova;
      await this.#deps.auditoria.registrar({ ...recusa, resultado: 'RECUSADO', usuarioId, origem, em });
    }
    return provado;
  }

  async #provar(prova: Prova): Promise<Result<MetodoDoFator | undefined, ProvaRecusada>> {
    const { fatores, outros, codigos, totp } = this.#deps;
    const { usuarioId, codigo, em } = prova;
    const lido = lerCodigo(codigo);
    // First, as it does not need the secret of the app: people get in with it while that cannot be read.
    if (lido?.tipo === 'RECUPERACAO' && (await this.#recuperar(prova, lido.codigo))) return Result.ok('rec');
    if (lido?.tipo === 'PASSKEY' && (await outros.usarProva(usuarioId, codigos.impressao(lido.prova), em)))
      return Result.ok('pop');
    const fator = await fatores.doUsuario(usuarioId);
    if (!fator?.ativo && !(await outros.tem(usuarioId))) return Result.ok(undefined);
    if (codigo === '') return Result.fail(new MfaCodigoNecessarioError());
    if (lido?.tipo !== 'APLICATIVO' || !fator?.ativo) return Result.fail(new MfaCodigoInvalidoError());
    const usado = fator.usar(lido.digitos, totp, em);
    await fatores.save(fator);
    return usado.isFailure ? usado : Result.ok('otp');
  }

  async retirar(usuarioId: string): Promise<readonly TipoAviso[]> {
    const passkeys = await this.#deps.outros.removerTodos(usuarioId);
    const aplicativo = await this.#deps.fatores.remover(usuarioId);
    return retirados({ aplicativo, passkeys });
  }

  async soSenha(usuarioId: string, em: Date): Promise<boolean> {
    return !(await this.#deps.fatores.temFirme(usuarioId, vigiadoDesde(em)));
  }

  async retirarSoSenha(usuarioId: string, em: Date): Promise<readonly TipoAviso[]> {
    const { fatores, outros } = this.#deps;
    const desde = vigiadoDesde(em);
    const aplicativo = await fatores.removerSoSenha(usuarioId, desde);
    const passkeys = await outros.removerSoSenha(usuarioId, desde);
    await fatores.esquecerCodigosSemFator(usuarioId);
    return retirados({ aplicativo, passkeys });
  }

  async #recuperar({ usuarioId, origem, em }: Prova, codigo: string): Promise<boolean> {
    const { fatores, codigos, avisos } = this.#deps;
    const usado = await fatores.usarCodigo(usuarioId, codigos.impressao(codigo), em);
    if (usado) await avisos.avisar({ usuarioId, tipo: 'CODIGO_RECUPERACAO_USADO', origem, em });
    return usado;
  }
}

function retirados({
  aplicativo,
  passkeys,
}: {
  aplicativo: boolean;
  passkeys: boolean;
}): readonly TipoAviso[] {
  return [
    ...(aplicativo ? ['MFA_DESATIVADO' as const] : []),
    ...(passkeys ? ['PASSKEY_REMOVIDA' as const] : []),
  ];
}
