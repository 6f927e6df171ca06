"""Children whom a person makes here, because no agency's extract holds them yet."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from trigpoint_web.running.roles import WEB_ROLE

# It writes past the wall: nobody sees a child who is not there yet. Only for people who may write about children.
MAKE = f"""
create function casework_make_child(
    new_key text, given text, family text, folded_name text, name_grams varchar[], born date, of_sex text, of_area bigint,
    of_postcode text, numbers jsonb)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
    mine accounts_agency;
    made bigint;
begin
    select a.* into mine from accounts_user u join accounts_agency a on a.id = u.agency_id
    where u.id = trigpoint_me() and u.is_active and not a.headline_only
      and u.role in ('practitioner', 'supervisor', 'panel_chair');
    if mine.id is null or new_key !~ '^H[0-9A-F]{{10}}$' then
        raise exception 'This person may not make a child.' using errcode = 'insufficient_privilege';
    end if;
    insert into casework_child (key, made_as, current, area_id) values (new_key, new_key, true, of_area)
        returning id into made;
    insert into casework_childface (child_id, given_names, surname, birth_on, sex, ethnicity, disability, area,
        postcode, records, agencies, sources)
    values (made, given, family, born, of_sex, '', '', coalesce((select code from accounts_area where id = of_area), ''),
        of_postcode, 0, array[mine.kind], '{{}}');
    if folded_name <> '' then
        insert into casework_name (child_id, agency, given_names, surname, folded, grams)
        values (made, mine.kind, given, family, folded_name, name_grams);
    end if;
    insert into casework_identifier (child_id, scheme, value) select made, key, value from jsonb_each_text(numbers);
    insert into casework_involvement (child_id, agency_id, since, last_on, contact, origin)
    values (made, mine.id, current_date, current_date, mine.phone, 'here');
end $$;
revoke all on function casework_make_child from public;
grant execute on function casework_make_child to {WEB_ROLE};
"""


class Migration(migrations.Migration):
    """A child may be there before any run holds it."""

    dependencies: ClassVar = [("casework", "0005_event_ids_of_any_source"), ("accounts", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField("child", "made_as", models.CharField(blank=True, db_default="", default="", max_length=20)),
        migrations.AlterField(
            "child",
            "first_run",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.run"
            ),
        ),
        migrations.AlterField(
            "childface",
            "run",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.run"
            ),
        ),
        migrations.RunSQL(MAKE, "drop function casework_make_child"),
    ]
