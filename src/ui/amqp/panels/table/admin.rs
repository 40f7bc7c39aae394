//! The tables of virtual hosts and users: the whole broker's, not only what stands in the virtual host that is seen.

use crate::amqp::VhostName;
use crate::amqp::view::UserView;
use crate::engine::WorldView;
use crate::ui::amqp::panels::table::{Listing, Rows, USER, VHOST};
use crate::ui::components::{Cell, Column, DataRow};

impl Rows<'_> {
    pub(super) fn vhosts(&self) -> Listing {
        let (t, a, i) = (self.page.t(), self.page.lang.admin(), self.page.i());
        let columns = vec![
            Column::words(i.column_name),
            Column::words(a.vhost_default_type),
            Column::numbers(t.exchanges),
            Column::numbers(t.queues),
            Column::numbers(t.connections),
            Column::numbers(t.ready),
            Column::numbers(t.unacked),
        ];
        let world = &self.picture.everywhere;
        let rows = world.broker.vhosts.iter();
        Listing {
            label: a.tab_vhosts,
            columns,
            rows: rows.map(|vhost| self.vhost(world, vhost)).collect(),
        }
    }

    fn vhost(&self, world: &WorldView, vhost: &VhostName) -> DataRow {
        let broker = &world.broker;
        let kinds = broker.default_queue_types.iter();
        let kind = kinds.filter(|(name, _)| name == vhost);
        let kind = kind.map(|(_, kind)| kind.as_str()).next();
        let exchanges = broker.exchanges.iter();
        let exchanges = exchanges.filter(|it| it.id.vhost() == vhost);
        let queues = || broker.queues.iter().filter(|it| it.id.vhost() == vhost);
        let connections = broker.connections.iter().filter(|it| it.vhost == *vhost);
        DataRow {
            id: format!("{VHOST}{vhost}").into(),
            name: vhost.to_string().into(),
            cells: vec![
                Cell::text(kind.unwrap_or(self.page.lang.admin().type_not_set)),
                Cell::count(exchanges.count() as u64),
                Cell::count(queues().count() as u64),
                Cell::count(connections.count() as u64),
                Cell::count(queues().map(|queue| queue.ready).sum()),
                Cell::count(queues().map(|queue| queue.unacked).sum()),
            ],
            selected: world.login.vhost == *vhost,
            muted: false,
            choices: Vec::new(),
        }
    }

    pub(super) fn users(&self) -> Listing {
        let (a, i) = (self.page.lang.admin(), self.page.i());
        let columns = vec![
            Column::words(i.column_name),
            Column::words(a.user_tags),
            Column::words(a.permissions),
            Column::words(a.topic_permissions),
        ];
        let world = &self.picture.everywhere;
        let users = world.broker.users.iter();
        Listing {
            label: a.tab_users,
            columns,
            rows: users.map(|user| self.user(world, user)).collect(),
        }
    }

    fn user(&self, world: &WorldView, user: &UserView) -> DataRow {
        let permissions = user
            .permissions
            .iter()
            .map(|(vhost, set)| format!("{vhost}: {} {} {}", set.configure, set.write, set.read));
        let permissions = permissions.collect::<Vec<_>>().join("; ");
        let topics = user.topic_permissions.iter().map(|(vhost, exchange, set)| {
            format!("{vhost} {exchange}: {} {}", set.write, set.read)
        });
        let access = match permissions.is_empty() {
            true => Cell::text(self.page.lang.admin().permission_none),
            false => Cell::code(permissions),
        };
        DataRow {
            id: format!("{USER}{}", user.name).into(),
            name: user.name.to_string().into(),
            cells: vec![
                Cell::text(user.tags.join(", ")),
                access,
                Cell::code(topics.collect::<Vec<_>>().join("; ")),
            ],
            selected: world.login.user == user.name,
            muted: false,
            choices: Vec::new(),
        }
    }
}
