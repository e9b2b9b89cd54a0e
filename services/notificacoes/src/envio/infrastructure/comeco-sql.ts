import { silencioDe } from '../../preferencias/infrastructure/silencio-sql.ts';
import { CONHECIDO } from './lease-sql.ts';

/** The message goes to the address of its addressee `c`, from which messages come back. */
const DEVOLVE = `n.canal = 'EMAIL' and c.devolve_desde is not null
  and lower(coalesce(n.dados ->> 'email', c.email)) = lower(c.email)`;

/**
 * What is known of the readers of messages in hand. Nothing is locked: who changes their mind after this look is as late as
 * with a message that has just left.
 */
export const BEGIN = `
  select n.id, n.retida or not ${CONHECIDO} as retida, c.nome, c.email, c.email_verificado as verificado,
    ${DEVOLVE} as devolve, json_build_object(
      'email', coalesce(p.email, $3), 'sms', coalesce(p.sms, $4), 'push', coalesce(p.push, $5),
      'lembretes', coalesce(p.lembretes, $6), 'desligadas', coalesce(to_json(p.desligadas), '[]'),
      'silencio', ${silencioDe('p')}, 'idioma', coalesce(p.idioma, $7)
    ) as preferencias
  from unnest($1::text[], $2::uuid[]) as minhas (qual, posse)
    join notificacoes n on n.id = minhas.qual and n.posse = minhas.posse
    join contatos c on c.usuario_id = n.cliente_id
    left join preferencias p on p.cliente_id = n.cliente_id`;
