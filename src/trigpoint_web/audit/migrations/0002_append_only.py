"""The database numbers, times and chains every audit row, and refuses to change one.

The chain: hash = SHA-256(hash of the row before, canonical text of the row). The canonical text is a JSON array of the
row's columns in the order below. `audit/chain.py` builds the same text without the database, to check it.
"""

from typing import ClassVar

from django.db import migrations

from trigpoint_web.running.roles import WEB_ROLE

CHAIN = """
create function audit_chain_row() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare head audit_chainhead%rowtype;
begin
    select * into strict head from audit_chainhead where id = 1 for update;
    new.seq := head.seq + 1;
    new.at := clock_timestamp();
    new.prev_hash := head.hash;
    new.hash := sha256(head.hash || convert_to(jsonb_build_array(
        new.seq, (extract(epoch from new.at) * 1000000)::bigint, new.actor_id, new.agency_id, new.purpose_id,
        new.act, new.thing_kind, new.thing_id, new.child_id, new.detail::text)::text, 'UTF8'));
    update audit_chainhead set seq = new.seq, hash = new.hash where id = 1;
    return new;
end $$;
create trigger audit_chain before insert on audit_auditrow for each row execute function audit_chain_row();

create function audit_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'The audit is append-only: % on % is refused.', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end $$;
create trigger audit_no_change before update or delete on audit_auditrow
    for each row execute function audit_refuse();
create trigger audit_no_truncate before truncate on audit_auditrow
    for each statement execute function audit_refuse();
create trigger head_no_delete before delete on audit_chainhead for each row execute function audit_refuse();
create trigger head_no_truncate before truncate on audit_chainhead
    for each statement execute function audit_refuse();

create function audit_head_moves_on() returns trigger language plpgsql as $$
begin
    if new.id <> old.id or new.seq <> old.seq + 1 then
        raise exception 'The head of the audit chain moves on by one row at a time.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger head_moves_on before update on audit_chainhead for each row execute function audit_head_moves_on();
insert into audit_chainhead (id, seq, hash) values (1, 0, decode(repeat('00', 32), 'hex'));
"""

UNCHAIN = """
drop trigger audit_chain on audit_auditrow; drop function audit_chain_row();
drop trigger audit_no_change on audit_auditrow; drop trigger audit_no_truncate on audit_auditrow;
drop trigger head_no_delete on audit_chainhead; drop trigger head_no_truncate on audit_chainhead;
drop trigger head_moves_on on audit_chainhead; drop function audit_head_moves_on(); drop function audit_refuse();
delete from audit_chainhead;
"""

# The role that casework works as may add rows and read them. It does not touch the head: the trigger does.
RIGHTS = f"""
revoke update, delete, truncate on audit_auditrow from {WEB_ROLE};
revoke insert, update, delete, truncate on audit_chainhead from {WEB_ROLE};
revoke delete, truncate on audit_purpose from {WEB_ROLE};
revoke update, delete, truncate on audit_unusualreadingreview from {WEB_ROLE};
"""


class Migration(migrations.Migration):
    """Triggers and rights of the audit."""

    dependencies: ClassVar = [("audit", "0001_initial"), ("accounts", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(CHAIN, UNCHAIN),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
