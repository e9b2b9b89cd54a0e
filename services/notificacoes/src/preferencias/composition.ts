import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { HttpRoute } from '@plataforma/runtime/http-routes';
import { alvoDe } from './application/descadastro.ts';
import { DesligarHandler } from './application/desligar.ts';
import type { TransacaoComEnderecos } from './application/ports.ts';
import type { DescadastroConfig } from './infrastructure/descadastro-config.ts';
import { TokensCifrados } from './infrastructure/tokens-de-descadastro.ts';
import {
  descadastroPaginaRoute,
  descadastroRoute,
  enderecoDoDescadastro,
} from './presentation/descadastro-routes.ts';

interface Deps {
  readonly config: DescadastroConfig;
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<TransacaoComEnderecos>, 'run'>;
}

/** The links in messages that end such messages. */
export function createDescadastro({ config, clock, uow }: Deps): {
  readonly routes: readonly HttpRoute[];
  /** Where messages like this one are ended; undefined for one that has no such link. */
  readonly linkDe: (mensagem: Parameters<typeof alvoDe>[0], email: string) => string | undefined;
} {
  const tokens = new TokensCifrados(config.unsubscribeKeys);
  return {
    routes: [
      descadastroPaginaRoute({ tokens }),
      descadastroRoute({ tokens, desligar: new DesligarHandler({ clock, uow }) }),
    ],
    linkDe(mensagem, email) {
      const alvo = alvoDe(mensagem);
      return alvo && enderecoDoDescadastro(config.publicUrl, tokens.token(alvo, email));
    },
  };
}
