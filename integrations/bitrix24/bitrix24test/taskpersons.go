package bitrix24test

// Tasks copies all tasks with their bindings.
func (p *Portal) Tasks() []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Fields{}
	for _, t := range p.st.Tasks {
		out = append(out, plain(t))
	}
	return out
}

// CompleteTask closes a task, or opens it again, as a person does on its page.
func (p *Portal) CompleteTask(user, id int64, done bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.st.task(id)
	if t == nil {
		return false
	}
	status := taskOpen
	if done {
		status = taskDone
	}
	p.setTaskStatus(t, status, p.user(user))
	return true
}

// DeleteTask removes a task, as a person does on its page.
func (p *Portal) DeleteTask(user, id int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.st.task(id)
	if t == nil {
		return false
	}
	p.removeTask(t, p.user(user))
	return true
}

func (s *state) task(id int64) Fields {
	for _, t := range s.Tasks {
		if integer(t["id"]) == id {
			return t
		}
	}
	return nil
}
