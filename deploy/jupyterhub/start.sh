#!/usr/bin/env bash
# Make the accounts and folders that are missing, and start the hub: what the container runs, as root.
set -euo pipefail
data=${NBGRADER_DATA:-/srv/nbgrader}
program=$(cd "$(dirname "$0")/../.." && pwd)

mkdir -p "$data/exchange" "$data/hub"
chmod 700 "$data/hub"      # the hub's database and the secret of its cookies
chmod 777 "$data/exchange" # nbgrader insists on it; what it makes below is closed to others
[ -e "$data/users.csv" ] || install -m 600 "$program/deploy/jupyterhub/users.csv" "$data/users.csv"

# The same number for the same name, whenever the container is made anew: homes lie on a volume.
account() {
    id "$1" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash --uid "$2" "$1"
    chmod 700 "/home/$1" # nobody reads the work of others
}
account grader 2000
tail -n +2 "$data/users.csv" | tr -d '\r' | while IFS=, read -r name number _; do
    account "$name" "$number"
done
# Passwords, if PAM is to ask for them: lines of name:hash, as `openssl passwd -6` makes them.
[ ! -e "$data/passwords.txt" ] || chpasswd --encrypted < "$data/passwords.txt"

# The course belongs to the grader alone: it holds solutions, hidden checks and marks.
if [ ! -d "$data/course" ]; then
    mkdir "$data/course"
    cp -R "$program"/{course,source,release,nbgrader_config.py,jupytext.toml,utils.py} "$data/course/"
fi
chown -R grader: "$data/course"
chmod 700 "$data/course"

# In the grader's account alone: the Formgrader, and where the course is.
settings=/home/grader/.jupyter
mkdir -p "$settings/jupyter_server_config.d" "$settings/labconfig"
echo "c = get_config(); c.CourseDirectory.root = '$data/course'" > "$settings/nbgrader_config.py"
echo '{"ServerApp": {"jpserver_extensions": {"nbgrader.server_extensions.formgrader": true}}}' \
    > "$settings/jupyter_server_config.d/formgrader.json"
echo '{"disabledExtensions": {"nbgrader:formgrader": false, "nbgrader:create-assignment": false}}' \
    > "$settings/labconfig/page_config.json"
chown -R grader: "$settings"

cd "$data/hub"
exec python -m jupyterhub --config "$program/deploy/jupyterhub/jupyterhub_config.py"
